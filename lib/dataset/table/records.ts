import { MAX_RECORD_BYTES } from "./limits";
import type { Line } from "./lines";

/** The bytes of one CSV record, which may span lines inside quotes. */
export interface CsvRecord {
  /** The line on which it starts. */
  line: number;
  bytes: Buffer;
  /** Whether it is longer than a record may be; then only its beginning is here. */
  tooLong: boolean;
}

const QUOTE = 0x22;

/**
 * Joins lines into records: a record ends where its quotes are even (RFC 4180). A quote that is never closed would
 * swallow the rest of the file, so a record of several lines must prove itself: else its first line stands alone,
 * to be refused later, and the lines after it are read anew. A line is looked at twice at most: as part of a longer
 * record, which the next line with an odd number of quotes ends, and on its own.
 * @param isRecord whether bytes parse as one record of the table's shape
 */
export async function* recordsOf(
  lines: AsyncIterator<Line, void>,
  isRecord: (bytes: Buffer) => boolean,
): AsyncGenerator<CsvRecord, void> {
  /** Lines to be read anew, the next one last. */
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

/** Takes lines, those read before first, until the quotes are even, the record is too long, or the file ends. */
async function takeRecord(
  unread: Line[],
  lines: AsyncIterator<Line, void>,
): Promise<{ held: Line[]; closed: boolean }> {
  const held: Line[] = [];
  let [quotes, sizeBytes] = [0, 0];
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
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) count++;
  return count;
}
