import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, ThumbrankError } from "../../base";
import { TableOptions } from "../../config";
import { TableUnreadable } from "../errors";
import { openText } from "./bytes";
import { csvRows } from "./csv";
import { JsonTable } from "./json";
import type { RawRow } from "./mapping";
import { parquetRows } from "./parquet/rows";

export { TableOptions } from "../../config";
export * from "./limits";
export * from "./mapping";

/** First bytes, as Latin-1, of files that are not tables but may contain one, and what to do with them. */
const FOREIGN: [start: string, what: string][] = [
  ["PK\x03\x04", "it is a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV (UTF-8)"],
  ["\xd0\xcf\x11\xe0", "it is an old Excel workbook; save the sheet as CSV (UTF-8)"],
  ["SQLite format 3\0", "it is an SQLite database; write its table as CSV"],
  ["ARROW1\0\0", "it is a Feather (Arrow) file; write it as Parquet or CSV"],
  ["\x28\xb5\x2f\xfd", "it is compressed by zstd; unpack it, or compress it by gzip"],
  ["BZh", "it is compressed by bzip2; unpack it, or compress it by gzip"],
  ["\xfd7zXZ\0", "it is compressed by xz; unpack it, or compress it by gzip"],
  ["\xff\xfe\0\0", "it is UTF-32 text; save it as UTF-8"],
  ["%PDF-", "it is a PDF document"],
  ["<", "it is a page in HTML or XML; save the table as CSV"],
];

const ONLY_PLAYLISTS =
  "it holds playlists, whose videos are nested; write one JSON object per video, as yt-dlp -j does";
const HEAD_BYTES = 16;

type Notify = (note: string) => void;

/**
 * Yields the rows of a table: CSV, JSON (both also gzipped) or Parquet, recognised by content, or a folder of JSON
 * files.
 * @param notify called with what was detected, before the first row
 * @throws TableUnreadable if the file is missing, damaged or of another kind; ColumnsMissing, ColumnUnknown
 */
export async function* readRows(
  file: string,
  options: TableOptions = TableOptions.parse({}),
  notify: Notify = () => {},
): AsyncGenerator<RawRow> {
  try {
    const entry = await stat(file);
    if (entry.isDirectory()) yield* folderRows(file, options, notify);
    else if (!entry.isFile()) throw new Error("it is neither a file nor a folder");
    else if ((await firstBytes(file)).startsWith("PAR1")) yield* parquetRows(file, options, notify);
    else {
      const foreign = foreignKind(await firstBytes(file));
      if (foreign !== undefined) throw new Error(foreign);
      const json = new JsonTable(options, notify);
      yield* textRows(file, json, options, notify);
      if (json.hasOnlyPlaylists) throw new Error(ONLY_PLAYLISTS);
    }
  } catch (thrown) {
    throw thrown instanceof ThumbrankError ? thrown : new TableUnreadable(file, messageOf(thrown), thrown);
  }
}

/**
 * Reads a folder as yt-dlp writes it: one JSON file per video. A file that cannot be read, or holds no video, becomes
 * one refused row, unless that is true of all files.
 */
async function* folderRows(folder: string, options: TableOptions, notify: Notify): AsyncGenerator<RawRow> {
  const names = (await readdir(folder)).filter((name) => /\.json(\.gz)?$/i.test(name)).sort();
  if (names.length === 0) throw new Error("it is a folder without .json files");
  const json = new JsonTable(options, notify);
  let first: unknown;
  for (const name of names) {
    try {
      if (!(await stat(join(folder, name))).isFile()) throw new Error("it is not a file");
      for await (const row of textRows(join(folder, name), json, options, notify)) yield { ...row, file: name };
    } catch (thrown) {
      first ??= thrown;
      const reason = thrown instanceof ThumbrankError ? thrown.what : messageOf(thrown);
      yield { line: 1, file: name, fault: { code: "ROW_SYNTAX", reason } };
    }
  }
  if (!json.isRecognised && first !== undefined) throw first;
}

async function* textRows(file: string, json: JsonTable, options: TableOptions, notify: Notify): AsyncGenerator<RawRow> {
  const text = await openText(file, (await firstBytes(file)).startsWith("\x1f\x8b"), options.encoding);
  try {
    if (text.encoding !== "utf-8" && !options.encoding)
      notify(`read as ${text.encoding} text; if that is wrong, name its --encoding`);
    if (text.firstSign === "{" || text.firstSign === "[") yield* json.rows(file, text);
    else yield* csvRows(file, text, options, notify);
  } finally {
    await text.chunks.return();
  }
}

async function firstBytes(file: string): Promise<string> {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle
    .read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    .finally(() => handle.close());
  return buffer.toString("latin1", 0, bytesRead);
}

/** Describes a file that cannot be a table; undefined if it may be one. @param head its first bytes, as Latin-1 */
function foreignKind(head: string): string | undefined {
  return FOREIGN.find(([start]) => head.startsWith(start))?.[1];
}
