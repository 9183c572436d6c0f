import { open, stat } from "node:fs/promises";
import { messageOf, ThumbrankError } from "../../errors";
import { TableUnreadable } from "../errors";
import type { RawRow } from "./columns";
import { csvRows } from "./csv";
import { parquetRows } from "./parquet/rows";
import { TableOptions } from "./options";

export * from "./columns";
export * from "./limits";
export { TableOptions } from "./options";

/**
 * The rows of a table: CSV, JSON (both also gzipped) or Parquet, told apart by their content, or a folder of JSON files.
 * @param notify told what was recognised, before the first row
 * @throws TableUnreadable where the file is absent, damaged or of another kind; ColumnsMissing, ColumnUnknown
 */
export async function* rowsOf(
  file: string,
  options: TableOptions = TableOptions.parse({}),
  notify: (note: string) => void = () => {},
): AsyncGenerator<RawRow> {
  try {
    const head = await firstBytes(file);
    if (head.startsWith("PAR1")) yield* parquetRows(file, options, notify);
    else yield* csvRows(file, head.startsWith("\x1f\x8b"), options, notify);
  } catch (thrown) {
    throw thrown instanceof ThumbrankError ? thrown : new TableUnreadable(file, messageOf(thrown), thrown);
  }
}

async function firstBytes(file: string): Promise<string> {
  if (!(await stat(file)).isFile()) throw new TableUnreadable(file, "it is not a file");
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close());
  return buffer.toString("latin1", 0, bytesRead);
}
