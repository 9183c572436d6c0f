import { parse } from "csv-parse/sync";
import type { TableOptions } from "../../config";
import { REQUIRED_COLUMNS } from "../../config";
import { TableUnreadable } from "../errors";
import type { TextBytes } from "./bytes";
import { MAX_BLANK_ROWS, MAX_RECORD_BYTES } from "./limits";
import type { RawRow, RowFault } from "./mapping";
import { type Mapping, mapColumns, readCells, requireColumns } from "./mapping";
import { type CsvRecord, readLines, readRecords } from "./records";

/** If several fit equally well, the first is chosen. */
const DELIMITERS = [",", ";", "\t", "|"];
const BLOCK_RECORDS = 256;

const UNMATCHED_QUOTES = "its quotes do not match; a quote inside a value is written twice";

/**
 * Yields the rows of a CSV one by one. A row with broken quotes, undecodable bytes, a wrong number of values or more
 * than 1 MB is one fault, and reading continues with the next line. Blank rows are skipped; blank values at the end of
 * a row may be missing or surplus.
 * @throws TableUnreadable, ColumnsMissing
 */
export function csvRows(
  file: string,
  text: TextBytes,
  options: TableOptions,
  notify: (note: string) => void,
): AsyncGenerator<RawRow> {
  return new CsvTable(file, text, options, notify).rows();
}

interface ParsedRecord {
  line: number;
  values: string[] | RowFault;
}

class CsvTable {
  #delimiter: string;
  #names: string[] = [];
  /** Fewest values that a row may have: up to the last required column. */
  #fewest = 0;
  #blankRows = 0;

  constructor(
    readonly file: string,
    readonly text: TextBytes,
    readonly options: TableOptions,
    readonly notify: (note: string) => void,
  ) {
    this.#delimiter = options.delimiter ?? ",";
  }

  async *rows(): AsyncGenerator<RawRow> {
    const records = readRecords(readLines(this.text.chunks), (bytes) => this.#isRecord(bytes));
    const mapping = await this.#readHeader(records);
    // Of two columns with the same name the first counts.
    const at = new Map(this.#names.map((name, index) => [name, index] as const).reverse());
    for await (const { line, values } of this.#parsedRecords(records)) {
      if (!Array.isArray(values)) yield { line, fault: values };
      else {
        const cells = readCells(mapping, (name) => values[at.get(name) ?? -1] ?? "");
        if (cells) yield { line, cells };
      }
    }
  }

  /** The first record that is not blank, skipping a line `sep=;`, which is meant for Excel. */
  async #readHeader(records: AsyncIterator<CsvRecord, void>): Promise<Mapping> {
    for (;;) {
      const { value: record } = await records.next();
      if (record?.tooLong)
        throw new TableUnreadable(this.file, `its first line is longer than ${MAX_RECORD_BYTES} bytes`);
      if (!record) throw new TableUnreadable(this.file, "it is empty");
      const text = this.text.decode(record.bytes);
      if (text === undefined) throw new TableUnreadable(this.file, notText(record.line, this.text.encoding));
      if (/^[\s,;|"]*$/.test(text)) continue;
      const separator = /^"?sep=(.)"?\s*$/i.exec(text)?.[1];
      if (separator !== undefined) {
        this.#delimiter = this.options.delimiter ?? separator;
        continue;
      }
      return this.#takeHeader(text);
    }
  }

  #takeHeader(text: string): Mapping {
    const candidates = this.options.delimiter ? [this.#delimiter] : [...new Set([this.#delimiter, ...DELIMITERS])];
    const read = candidates.map((delimiter) => {
      const names = (parseAll(text, delimiter)?.[0] ?? []).map((name) => name.trim());
      return { delimiter, names, mapping: mapColumns(names, this.options) };
    });
    const best = read.reduce((best, next) => (isBetter(next, best) ? next : best));
    this.#delimiter = best.delimiter;
    this.#names = best.names;
    requireColumns(this.file, best.names, best.mapping, this.options.map);
    this.#fewest = fewestValues(best.names, best.mapping);
    if (best.delimiter !== "," && !this.options.delimiter) {
      this.notify(`values are separated by ${best.delimiter === "\t" ? "tabs" : `"${best.delimiter}"`}`);
    }
    for (const note of best.mapping.notes) this.notify(note);
    return best.mapping;
  }

  async *#parsedRecords(records: AsyncIterable<CsvRecord>): AsyncGenerator<ParsedRecord> {
    let block: CsvRecord[] = [];
    let sizeBytes = 0;
    for await (const record of records) {
      block.push(record);
      sizeBytes += record.bytes.length;
      if (block.length < BLOCK_RECORDS && sizeBytes < MAX_RECORD_BYTES) continue;
      yield* this.#parse(block);
      block = [];
      sizeBytes = 0;
    }
    yield* this.#parse(block);
  }

  /** Parses many records in one call, which is several times faster; parses them one by one only if one is broken. */
  *#parse(block: CsvRecord[]): Generator<ParsedRecord> {
    const texts = block.map(({ bytes, tooLong }) => (tooLong ? undefined : this.text.decode(bytes)));
    const whole = parseAll(texts.map((text) => (text === undefined ? "-\n" : ended(text))).join(""), this.#delimiter);
    const together = whole?.length === block.length ? whole : undefined;
    for (const [index, { line, tooLong }] of block.entries()) {
      const text = texts[index];
      const values = tooLong
        ? { code: "ROW_TOO_LONG" as const, reason: `it is longer than ${MAX_RECORD_BYTES} bytes` }
        : text === undefined
          ? { code: "ROW_TEXT" as const, reason: notText(line, this.text.encoding) }
          : this.#judged(together ? together[index] : this.#parseOne(text), text);
      if (values !== undefined) yield { line, values };
    }
  }

  /** A quote inside a value that does not begin with one is an ordinary character. */
  #parseOne(text: string): string[] | undefined {
    const parsed = parseAll(text, this.#delimiter)?.[0];
    if (parsed) return parsed;
    const values = text.replace(/[\r\n]+$/, "").split(this.#delimiter);
    return values.some((value) => value.startsWith('"')) ? undefined : values;
  }

  /** The values, or what is wrong with the row; undefined for a blank row. */
  #judged(values: string[] | undefined, text: string): string[] | RowFault | undefined {
    if (values ? isBlank(values) : isBlank([text])) {
      if (++this.#blankRows > MAX_BLANK_ROWS) {
        throw new TableUnreadable(this.file, `it has more than ${MAX_BLANK_ROWS} blank rows in a row`);
      }
      return undefined;
    }
    this.#blankRows = 0;
    if (!values) return { code: "ROW_SYNTAX", reason: UNMATCHED_QUOTES };
    if (this.#fits(values)) return values;
    return { code: "ROW_SYNTAX", reason: `it has ${values.length} values where the header has ${this.#names.length}` };
  }

  #isRecord(bytes: Buffer): boolean {
    const text = this.text.decode(bytes);
    const records = text === undefined ? undefined : parseAll(text, this.#delimiter);
    return records?.length === 1 && (this.#names.length === 0 || this.#fits(records[0] ?? []));
  }

  #fits(values: string[]): boolean {
    return values.length >= this.#fewest && isBlank(values.slice(this.#names.length));
  }
}

function isBetter(next: { names: string[]; mapping: Mapping }, best: { names: string[]; mapping: Mapping }): boolean {
  const fewer = best.mapping.missing.length - next.mapping.missing.length;
  return fewer > 0 || (fewer === 0 && next.names.length > best.names.length);
}

/** A row may end early if only optional columns follow. */
function fewestValues(names: string[], { sources }: Mapping): number {
  return (
    1 +
    Math.max(
      0,
      ...REQUIRED_COLUMNS.flatMap((column) => (sources.get(column) ?? []).map(({ from }) => names.indexOf(from))),
    )
  );
}

/** Adds a missing line end, without which the last line would run into the next record. */
const ended = (text: string) => (/[\r\n]$/.test(text) ? text : `${text}\n`);

const isBlank = (values: string[]) => !values.some((value) => /\S/.test(value));

function notText(line: number, encoding: string): string {
  return `line ${line} is not ${encoding} text; if the whole table is in another encoding, import it again with --encoding, such as --encoding windows-1252`;
}

function parseAll(text: string, delimiter: string): string[][] | undefined {
  try {
    return parse(text, { delimiter, relax_column_count: true, record_delimiter: ["\r\n", "\n", "\r"] });
  } catch {
    return undefined;
  }
}
