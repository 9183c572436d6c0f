import type { Column } from "../../config";
import type { RefusalCode } from "../refusal";

export { COLUMNS, type Column, OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from "../../config";

/** The cells of one row as text, by column; a column the table lacks is absent. */
export type Cells = Partial<Record<Column, string>>;

/** What is wrong with a row before its cells are looked at. */
export interface RowFault {
  code: RefusalCode;
  reason: string;
}

/** A row as it stands in the table: its cells, or what is wrong with it. */
export type RawRow = {
  /** Line of a text file on which it starts (a header is line 1), or row number of a Parquet file (from 1). */
  line: number;
  /** Name of its file, where the table is a folder. */
  file?: string;
} & ({ cells: Cells } | { fault: RowFault });
