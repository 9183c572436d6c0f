import { parse } from "csv-parse/sync";
import { messageOf, ThumbrankError } from "../../errors";
import { TableUnreadable } from "../errors";
import { knownColumns, type RawRow, requireColumns } from "./columns";
import { type FramedRecord, framed } from "./frames";
import { linesOf } from "./lines";

const BLOCK_RECORDS = 256;

/**
 * The rows of a CSV file one by one; a row with broken quotes or a wrong number of values is one fault,
 * and reading goes on with the next line.
 * @throws TableUnreadable, ColumnsMissing
 */
export async function* csvRows(file: string, gzipped: boolean): AsyncGenerator<RawRow> {
  const lines = linesOf(file, gzipped);
  try {
    yield* rows(file, lines);
  } catch (thrown) {
    throw thrown instanceof ThumbrankError ? thrown : unreadable(file, thrown);
  } finally {
    await lines.return();
  }
}

async function* rows(file: string, lines: AsyncIterator<string, void>): AsyncGenerator<RawRow> {
  const names = (fieldsOf((await lines.next()).value ?? "") ?? []).map((name) => name.trim());
  requireColumns(file, names);
  const wanted = knownColumns(names).map((name) => [name, names.indexOf(name)] as const);
  for await (const { line, fields } of records(lines, names.length)) {
    if (typeof fields === "string") yield { line, fault: fields };
    else yield { line, cells: Object.fromEntries(wanted.map(([name, at]) => [name, fields[at] ?? ""])) };
  }
}

interface ParsedRecord {
  line: number;
  /** Values, or what is wrong. */
  fields: string[] | string;
}

async function* records(lines: AsyncIterator<string, void>, columns: number): AsyncGenerator<ParsedRecord> {
  const isRecord = (text: string) => fieldsOf(text)?.length === columns;
  let block: FramedRecord[] = [];
  for await (const record of framed(lines, isRecord)) {
    block.push(record);
    if (block.length < BLOCK_RECORDS) continue;
    yield* parsed(block, columns);
    block = [];
  }
  yield* parsed(block, columns);
}

/** Parses many records in one call, which is several times faster, and each alone only where one is broken. */
function parsed(block: FramedRecord[], columns: number): ParsedRecord[] {
  const whole = allFields(block.map(({ text }) => text).join(""));
  const together = whole?.length === block.length ? whole : undefined;
  return block.map(({ line, text }, index) => {
    const fields = together ? together[index] : fieldsOf(text);
    if (!fields) return { line, fields: "its quotes do not match; a quote inside a value is written twice" };
    if (fields.length === columns) return { line, fields };
    return { line, fields: `it has ${fields.length} values where the header has ${columns}` };
  });
}

const fieldsOf = (record: string): string[] | undefined => allFields(record)?.[0];

function allFields(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, record_delimiter: ["\n", "\r\n"] });
  } catch {
    return undefined;
  }
}

function unreadable(file: string, thrown: unknown): TableUnreadable {
  const notText =
    thrown instanceof TypeError && "code" in thrown && thrown.code === "ERR_ENCODING_INVALID_ENCODED_DATA";
  return new TableUnreadable(file, notText ? "it is not UTF-8 text" : messageOf(thrown), thrown);
}
