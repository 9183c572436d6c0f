import { MAX_CELL_CHARACTERS } from "../limits";

/** A longer value is always refused. */
export const MAX_VALUE_BYTES = MAX_CELL_CHARACTERS;

/**
 * Copies a page of byte arrays and cuts values that are too long to one byte over the limit, so that they are still
 * recognised as too long and the rest of the page can be read.
 * @param hasLevels whether the page starts with definition levels, preceded by their length
 * @throws Error if the result is still larger than `maxBytes`
 */
export async function shortenValues(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  hasLevels: boolean,
  maxBytes: number,
): Promise<Buffer> {
  const source = new ByteSource(chunks);
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  const keep = (part: Buffer) => {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) throw new Error(`a page has more than ${maxBytes} bytes`);
    parts.push(part);
  };
  try {
    if (hasLevels) await copyWithLength(source, keep, maxBytes);
    while (await source.hasMore()) await copyWithLength(source, keep, MAX_VALUE_BYTES + 1);
  } finally {
    await source.close();
  }
  return Buffer.concat(parts);
}

async function copyWithLength(source: ByteSource, keep: (part: Buffer) => void, most: number): Promise<void> {
  const length = (await source.take(4)).readUInt32LE(0);
  const kept = Math.min(length, most);
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(kept);
  keep(prefix);
  keep(await source.take(kept));
  await source.skip(length - kept);
}

/** Reads given numbers of bytes from a stream. */
class ByteSource {
  readonly #chunks: AsyncIterator<Buffer> | Iterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer> | Iterable<Buffer>) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async hasMore(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#chunk = next.value;
    }
    return true;
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let wanted = count; wanted > 0; ) {
      const part = await this.#some(wanted);
      parts.push(part);
      wanted -= part.length;
    }
    // A copy, so that a short value does not keep its whole chunk in memory.
    return Buffer.concat(parts);
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) left -= (await this.#some(left)).length;
  }

  async #some(most: number): Promise<Buffer> {
    if (!(await this.hasMore())) throw new Error("a page ends within a value");
    const part = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(part.length);
    return part;
  }
}
