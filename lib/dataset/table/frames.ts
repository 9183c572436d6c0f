/** The text of one CSV record, which may span lines inside quotes. */
export interface FramedRecord {
  /** The line on which it starts; the header is line 1. */
  line: number;
  text: string;
}

const MAX_RECORD_CHARACTERS = 1 << 18;

/**
 * Joins lines into records: a record ends where its quotes are even (RFC 4180). A quote that is never closed would
 * swallow the rest of the file, so a record of several lines must prove itself: else its first line stands alone,
 * to be refused later, and the lines after it are read anew.
 * @param lines the lines after the header, each with its break
 * @param isRecord whether a text parses as one record with the header's number of values
 */
export async function* framed(
  lines: AsyncIterator<string, void>,
  isRecord: (text: string) => boolean,
): AsyncGenerator<FramedRecord> {
  let line = 2;
  for (let unread: string[] = []; ; ) {
    const { held, closed } = await record(unread, lines);
    if (held.length === 0) return;
    const whole = closed && (held.length === 1 || isRecord(held.join("")));
    const taken = whole ? held : held.slice(0, 1);
    if (taken.join("").trim() !== "") yield { line, text: taken.join("") };
    line += taken.length;
    unread = [...held.slice(taken.length), ...unread];
  }
}

/** Takes lines, those read before first, until the quotes are even, the text is too long, or the file ends. */
async function record(
  unread: string[],
  lines: AsyncIterator<string, void>,
): Promise<{ held: string[]; closed: boolean }> {
  const held: string[] = [];
  let [quotes, characters] = [0, 0];
  do {
    const next = unread.shift() ?? (await lines.next()).value;
    if (typeof next !== "string") break;
    held.push(next);
    quotes += next.split('"').length - 1;
    characters += next.length;
  } while (quotes % 2 === 1 && characters < MAX_RECORD_CHARACTERS);
  return { held, closed: quotes % 2 === 0 };
}
