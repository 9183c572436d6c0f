import { MAX_RECORD_BYTES, MAX_SKIPPED_BYTES } from "./limits";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** A line with its line end, or only its first bytes if it is longer than a record may be. */
interface Line {
  /** From 1, as in editors. */
  number: number;
  bytes: Buffer;
  tooLong: boolean;
}

/** The bytes of one CSV record, which may span lines inside quotes. */
export interface CsvRecord {
  /** The line on which it starts. */
  line: number;
  bytes: Buffer;
  /** Whether it is longer than a record may be; if so, `bytes` holds only its beginning. */
  tooLong: boolean;
}

const QUOTE = 0x22;

/**
 * Joins lines into records: a record ends where its quotes are balanced (RFC 4180). A quote that is never closed would
 * swallow the rest of the file, so a record of several lines must parse as one record. If it does not, its first line
 * stands alone, to be refused later, and the following lines are read again. A line is read at most twice: as part of a
 * longer record, which ends at the next line with an odd number of quotes, and on its own.
 * @param isRecord whether bytes parse as one record of the table's shape
 */
export async function* readRecords(
  lines: AsyncIterator<Line, void>,
  isRecord: (bytes: Buffer) => boolean,
): AsyncGenerator<CsvRecord, void> {
  /** Lines to read again, the next one last. */
  const unread: Line[] = [];
  for (;;) {
    const { held, closed } = await takeRecord(unread, lines);
    const [first] = held;
    if (!first) return;
    const bytes = Buffer.concat(held.map((line) => line.bytes));
    const whole = closed && (held.length === 1 || isRecord(bytes));
    while (!whole && held.length > 1) unread.push(...held.splice(-1));
    yield { line: first.number, bytes: whole ? bytes : first.bytes, tooLong: first.tooLong };
  }
}

/** Takes lines, unread ones first, until the quotes are balanced, the record is too long, or the file ends. */
async function takeRecord(
  unread: Line[],
  lines: AsyncIterator<Line, void>,
): Promise<{ held: Line[]; closed: boolean }> {
  const held: Line[] = [];
  let quotes = 0;
  let sizeBytes = 0;
  do {
    const next = unread.pop() ?? (await lines.next()).value;
    if (!next) break;
    held.push(next);
    if (next.tooLong) return { held, closed: held.length === 1 };
    quotes += countQuotes(next.bytes);
    sizeBytes += next.bytes.length;
  } while (quotes % 2 === 1 && sizeBytes <= MAX_RECORD_BYTES);
  return { held, closed: quotes % 2 === 0 };
}

function countQuotes(bytes: Buffer): number {
  let count = 0;
  for (let i = bytes.indexOf(QUOTE); i >= 0; i = bytes.indexOf(QUOTE, i + 1)) count++;
  return count;
}

/**
 * Yields the lines of a text, ended by LF, CRLF or CR; memory holds one line and one chunk.
 * @throws Error if a line is too long for a table
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line, void> {
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

/** Offsets after the line ends of a chunk that does not end with CR; each byte is visited at most twice. */
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

/** A line that may continue; beyond the limit only its length is counted. */
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
