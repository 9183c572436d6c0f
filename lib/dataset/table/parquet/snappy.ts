/** Compressors refer back no further than one block of 64 KB. */
const WINDOW_BYTES = 1 << 16;
const CHUNK_BYTES = 1 << 20;
const MAX_COPY_BYTES = 64;

/**
 * Decompresses Snappy chunk by chunk, for a page that is too large to hold in memory (format_description.txt of
 * google/snappy).
 * @throws Error if the bytes are damaged, or refer back more than 64 KB
 */
export function* uncompress(input: Buffer): Generator<Buffer> {
  const output = Buffer.alloc(WINDOW_BYTES + CHUNK_BYTES);
  let start = 0;
  let end = 0;
  /** Returns the new bytes, and keeps those that later copies may refer to. */
  const flush = () => {
    const part = Buffer.from(output.subarray(start, end));
    const kept = Math.min(end, WINDOW_BYTES);
    output.copyWithin(0, end - kept, end);
    start = kept;
    end = kept;
    return part;
  };
  for (let i = skipLength(input); i < input.length; ) {
    const tag = input.readUInt8(i);
    const extra = extraBytes(tag);
    const operand = extra === 0 ? 0 : input.readUIntLE(i + 1, extra);
    i += 1 + extra;
    if ((tag & 3) === 0) {
      const literalEnd = i + (extra === 0 ? tag >> 2 : operand) + 1;
      if (literalEnd > input.length) throw new Error("a page's compression is damaged");
      while (i < literalEnd) {
        if (end === output.length) yield flush();
        const copied = input.copy(output, end, i, literalEnd);
        i += copied;
        end += copied;
      }
    } else {
      const isShort = (tag & 3) === 1;
      const offset = isShort ? ((tag >> 5) << 8) | operand : operand;
      const length = isShort ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      if (end + MAX_COPY_BYTES > output.length) yield flush();
      if (offset === 0 || offset > end) throw new Error("a page's compression is damaged");
      // Byte by byte, since a copy may overlap its own output.
      for (const copyEnd = end + length; end < copyEnd; end++) output[end] = output[end - offset] ?? 0;
    }
  }
  yield flush();
}

/** Skips the uncompressed length at the start, encoded with 7 bits a byte. */
function skipLength(input: Buffer): number {
  const length = input.subarray(0, 5).findIndex((byte) => byte < 0x80) + 1;
  if (length === 0) throw new Error("a page's compression is damaged");
  return length;
}

/** Number of bytes of length or offset that follow a tag. */
function extraBytes(tag: number): number {
  const kind = tag & 3;
  if (kind > 0) return kind === 3 ? 4 : kind;
  return Math.max(0, (tag >> 2) - 59);
}
