import { type FileHandle, open } from "node:fs/promises";
import { type FileMetaData, parquetSchema, type RowGroup, type SchemaElement } from "hyparquet";
import { messageOf } from "../../../base";
import type { TableOptions } from "../../../config";
import { ColumnTypeUnknown } from "../../errors";
import type { RawRow, RowFault } from "../mapping";
import { type Mapping, mapColumns, readCells, requireColumns } from "../mapping";
import { arrowDurations } from "./arrow";
import { type CellReader, cellReader, isDuration, NotText, typeName } from "./cell";
import { readFooter } from "./footer";
import type { RawValue, Values } from "./page";
import { readPages } from "./pages";
import { MAX_VALUE_BYTES } from "./shorten";

const MAX_ROWS = 100_000_000;
/** Limit for the current pages of all columns together. */
const MAX_HELD_BYTES = 256 << 20;

interface ParquetColumn {
  name: string;
  element: SchemaElement;
  read: CellReader;
}

/**
 * Yields the rows of a Parquet file, each value as the text that a CSV would hold, by its column's type. Memory holds
 * one page of each column.
 * @throws Error if the file is damaged or takes too much memory; ColumnsMissing, ColumnTypeUnknown
 */
export async function* parquetRows(
  file: string,
  options: TableOptions,
  notify: (note: string) => void,
): AsyncGenerator<RawRow> {
  const handle = await open(file);
  try {
    const metadata = await readFooter(handle);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const mapping = mapColumns(names, options);
    requireColumns(file, names, mapping, options.map);
    for (const note of mapping.notes) notify(note);
    const columns = openColumns(file, metadata, mapping);
    let line = 1;
    for (const group of metadata.row_groups) {
      for await (const row of groupRows(handle, group, columns, mapping)) {
        if (row) yield { line, ...row };
        line++;
      }
    }
  } finally {
    await handle.close();
  }
}

function openColumns(file: string, metadata: FileMetaData, { sources }: Mapping): ParquetColumn[] {
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (!(rows >= 0 && rows <= MAX_ROWS)) throw new Error(`it says that it has ${rows} rows`);
  const durations = arrowDurations(metadata);
  const wanted = [...sources].flatMap(([column, taken]) => taken.map(({ from }) => ({ column, from })));
  const columns = new Map<string, ParquetColumn>();
  for (const { column, from } of wanted) {
    const child = parquetSchema(metadata).children.find(({ element }) => element.name === from);
    if (!child) continue;
    const { element } = child;
    const ticks = durations.get(from);
    const isFlat = child.children.length === 0 && element.repetition_type !== "REPEATED";
    const read = isFlat ? cellReader(element, ticks) : undefined;
    const isMisplaced = column !== "duration" && isDuration(element, ticks);
    if (!read || isMisplaced)
      throw new ColumnTypeUnknown(file, from, ticks === undefined ? typeName(element) : "DURATION");
    columns.set(from, { name: from, element, read });
  }
  return [...columns.values()];
}

/** Yields the rows of a row group; undefined for a row that is not a video. */
async function* groupRows(
  handle: FileHandle,
  group: RowGroup,
  columns: ParquetColumn[],
  mapping: Mapping,
): AsyncGenerator<Row | undefined> {
  const cursors = new Map<string, Cursor>();
  for (const column of columns) cursors.set(column.name, new Cursor(handle, group, column));
  const all = [...cursors.values()];
  for (let left = Number(group.num_rows); left > 0; ) {
    for (const cursor of all) await cursor.fill();
    const heldBytes = all.reduce((sum, cursor) => sum + cursor.sizeBytes, 0);
    if (heldBytes > MAX_HELD_BYTES)
      throw new Error(`its pages take ${heldBytes} bytes at once; write smaller row groups`);
    const count = Math.min(left, ...all.map((cursor) => cursor.available));
    for (let index = 0; index < count; index++) {
      yield readRow(cursors, mapping);
      for (const cursor of all) cursor.step();
    }
    left -= count;
  }
}

type Row = { cells: NonNullable<ReturnType<typeof readCells>> } | { fault: RowFault };

function readRow(cursors: Map<string, Cursor>, mapping: Mapping): Row | undefined {
  try {
    const cells = readCells(mapping, (name) => cursors.get(name)?.text() ?? "");
    return cells && { cells };
  } catch (thrown) {
    if (thrown instanceof TooLong) return { fault: { code: "ROW_TOO_LONG", reason: thrown.message } };
    if (thrown instanceof NotText) return { fault: { code: "ROW_TEXT", reason: thrown.message } };
    throw thrown;
  }
}

class TooLong extends Error {}

/** Current position in a column's pages. */
class Cursor {
  readonly #column: ParquetColumn;
  readonly #pages: AsyncGenerator<Values, void>;
  #page: Values = { count: 0, sizeBytes: 0, at: () => undefined };
  #at = 0;

  constructor(handle: FileHandle, group: RowGroup, column: ParquetColumn) {
    this.#column = column;
    const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema.join(".") === column.name);
    if (!chunk?.meta_data || chunk.file_path) throw new Error(`the column ${column.name} is encrypted or elsewhere`);
    this.#pages = readPages(handle, chunk.meta_data, column.element);
  }

  get available(): number {
    return this.#page.count - this.#at;
  }

  get sizeBytes(): number {
    return this.#page.sizeBytes;
  }

  step(): void {
    this.#at++;
  }

  async fill(): Promise<void> {
    while (this.available === 0) {
      const { value } = await this.#pages.next().catch((thrown: unknown) => {
        throw new Error(`column ${this.#column.name}: ${messageOf(thrown)}`, { cause: thrown });
      });
      if (!value) throw new Error(`column ${this.#column.name} ends before its rows do`);
      this.#page = value;
      this.#at = 0;
    }
  }

  text(): string {
    const value = this.#page.at(this.#at);
    if (value === undefined) return "";
    requireShort(this.#column.name, value);
    return this.#column.read(value);
  }
}

function requireShort(name: string, value: RawValue): void {
  if (Buffer.isBuffer(value) && value.length > MAX_VALUE_BYTES) {
    throw new TooLong(`${name} has more than ${MAX_VALUE_BYTES} bytes`);
  }
}
