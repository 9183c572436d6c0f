import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { messageOf, ThumbrankError } from "../../errors";
import { TableUnreadable } from "../errors";
import { knownColumns, type RawRow, requireColumns } from "./columns";

/**
 * The rows of a Parquet file one by one, each value as the text that CSV would hold; memory holds one row group.
 * @throws TableUnreadable, ColumnsMissing
 */
export async function* parquetRows(file: string): AsyncGenerator<RawRow> {
  const handle = await open(file);
  try {
    yield* rows(file, await bufferOf(handle));
  } catch (thrown) {
    throw thrown instanceof ThumbrankError ? thrown : new TableUnreadable(file, messageOf(thrown), thrown);
  } finally {
    await handle.close();
  }
}

async function* rows(file: string, buffer: AsyncBuffer): AsyncGenerator<RawRow> {
  const metadata = await parquetMetadataAsync(buffer);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  requireColumns(file, names);
  const columns = knownColumns(names);
  for (const [rowStart, rowEnd] of rowGroups(metadata)) {
    const group = await parquetReadObjects({ file: buffer, metadata, columns, rowStart, rowEnd, compressors });
    for (const [index, row] of group.entries()) {
      yield {
        line: rowStart + index + 1,
        cells: Object.fromEntries(columns.map((name) => [name, cellText(row[name])])),
      };
    }
  }
}

function rowGroups(metadata: FileMetaData): [number, number][] {
  let end = 0;
  return metadata.row_groups.map((group) => {
    const start = end;
    end += Number(group.num_rows);
    return [start, end];
  });
}

/** What a CSV file would hold of a Parquet value; integers are exact, times are ISO 8601 in UTC, "" is absent. */
function cellText(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "not a time" : value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(end - start);
    await handle.read(bytes, 0, bytes.length, start);
    return bytes.buffer;
  };
  return { byteLength: size, slice };
}
