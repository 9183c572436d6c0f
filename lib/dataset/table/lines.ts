import { MAX_RECORD_BYTES, MAX_SKIPPED_BYTES } from "./limits";

const [LINE_FEED, CARRIAGE_RETURN] = [10, 13];

/** A line with its line end, or, where it is longer than a record may be, the bytes it began with. */
export interface Line {
  /** From 1, as editors count. */
  number: number;
  bytes: Buffer;
  tooLong: boolean;
}

/**
 * The lines of a text, ended by LF, CRLF or CR; memory holds one line and one chunk.
 * @throws Error where a line is so long that this is no table
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line, void> {
  let number = 1;
  let open = new OpenLine();
  let held: Buffer | undefined;
  for await (const next of chunks) {
    let chunk = held ? Buffer.concat([held, next]) : next;
    held = chunk.at(-1) === CARRIAGE_RETURN ? chunk.subarray(-1) : undefined;
    if (held) chunk = chunk.subarray(0, -1);
    let start = 0;
    for (const end of lineEnds(chunk)) {
      open.add(chunk.subarray(start, end));
      yield open.line(number++);
      open = new OpenLine();
      start = end;
    }
    open.add(chunk.subarray(start), number);
  }
  if (held) open.add(held);
  if (open.sizeBytes > 0) yield open.line(number);
}

/** The places behind the line ends of a chunk that does not end by CR; each byte is looked at twice at most. */
function* lineEnds(chunk: Buffer): Generator<number> {
  let feed = chunk.indexOf(LINE_FEED);
  let carriage = chunk.indexOf(CARRIAGE_RETURN);
  while (feed >= 0 || carriage >= 0) {
    const isCarriage = carriage >= 0 && (feed < 0 || carriage < feed);
    const end = isCarriage && feed === carriage + 1 ? feed + 1 : (isCarriage ? carriage : feed) + 1;
    yield end;
    if (feed >= 0 && feed < end) feed = chunk.indexOf(LINE_FEED, end);
    if (carriage >= 0 && carriage < end) carriage = chunk.indexOf(CARRIAGE_RETURN, end);
  }
}

/** A line of which more may come; beyond the limit only its length is counted. */
class OpenLine {
  sizeBytes = 0;
  #parts: Buffer[] = [];

  add(part: Buffer, number = 0): void {
    if (part.length === 0) return;
    this.sizeBytes += part.length;
    if (this.sizeBytes > MAX_SKIPPED_BYTES) throw new Error(`line ${number} is longer than ${MAX_SKIPPED_BYTES} bytes`);
    if (this.sizeBytes <= MAX_RECORD_BYTES) this.#parts.push(part);
  }

  line(number: number): Line {
    const bytes = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
    return { number, bytes: bytes ?? Buffer.alloc(0), tooLong: this.sizeBytes > MAX_RECORD_BYTES };
  }
}
