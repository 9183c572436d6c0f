import { ThumbrankError } from "../base";
import type { ThumbnailRefusalCode } from "../thumbnails";

/** Why a row can be refused; each code is explained in docs/ERRORS.md. */
export type RefusalCode =
  | "ROW_SYNTAX"
  | "ROW_ID"
  | "ROW_TEXT"
  | "ROW_DATE"
  | "ROW_NUMBER"
  | "ROW_DUPLICATE"
  | "ROW_TOO_LONG"
  | "PICTURE_OUTSIDE"
  | ThumbnailRefusalCode;

/** One row that was not imported. */
export interface Refusal {
  /** Line of a text file on which the row starts (a header is line 1), or row number of a Parquet file (from 1). */
  line: number;
  /** Name of the row's file, if the table is a folder. */
  file?: string;
  videoId?: string;
  code: RefusalCode;
  reason: string;
}

/** Thrown while a row is read; the import records it with the line and continues with the next row. */
export class RowRefused extends ThumbrankError {
  constructor(
    readonly refusalCode: RefusalCode,
    readonly reason: string,
  ) {
    super(refusalCode, { what: reason, next: "correct the row, or leave it out" });
  }
}

/** What a strict import throws instead of importing anything. */
export class ImportRefused extends ThumbrankError {
  constructor(
    readonly file: string,
    /** At most the first 10,000. */
    readonly refused: Refusal[],
    readonly refusedRows: number,
  ) {
    const [first] = refused;
    super("IMPORT_REFUSED", {
      what: `${refusedRows} rows of ${file} are refused, the first on line ${first?.line}: ${first?.reason}; nothing was imported`,
      next: "correct the rows, or import without --strict to take the others",
    });
  }
}
