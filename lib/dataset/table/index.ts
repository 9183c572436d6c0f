import { open } from "node:fs/promises";
import { messageOf } from "../../errors";
import { TableUnreadable } from "../errors";
import type { RawRow } from "./columns";
import { csvRows } from "./csv";
import { parquetRows } from "./parquet";

export * from "./columns";

/**
 * The rows of a CSV, gzipped CSV or Parquet file, told apart by their first bytes.
 * @throws TableUnreadable where the file is absent, damaged or of another kind; ColumnsMissing
 */
export async function* rowsOf(file: string): AsyncGenerator<RawRow> {
  const head = await firstBytes(file);
  if (head.startsWith("PAR1")) yield* parquetRows(file);
  else yield* csvRows(file, head.startsWith("\x1f\x8b"));
}

async function firstBytes(file: string): Promise<string> {
  try {
    const handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close());
    return buffer.toString("latin1", 0, bytesRead);
  } catch (thrown) {
    throw new TableUnreadable(file, messageOf(thrown), thrown);
  }
}
