import { listed, shortened, ThumbrankError } from "../base";

/** A table that cannot be read at all: missing, damaged, or of an unknown kind. */
export class TableUnreadable extends ThumbrankError {
  constructor(
    readonly file: string,
    why: string,
    cause?: unknown,
  ) {
    super("TABLE_UNREADABLE", {
      what: `${file} cannot be read: ${why}`,
      next: "give a CSV, JSON (both also gzipped) or Parquet file; what was imported before stays, and importing again completes it",
      cause,
    });
  }
}

/** A table without the columns that every row needs. */
export class ColumnsMissing extends ThumbrankError {
  constructor(
    readonly file: string,
    readonly missing: string[],
    readonly found: string[],
  ) {
    super("TABLE_COLUMNS_MISSING", {
      what: `${file} lacks ${listedColumns(missing)}; its columns are ${listedColumns(found)}`,
      next: `name a column that holds it by --map ${missing[0]}=NAME, or give all rows one value by --set ${missing[0]}=VALUE; docs/TABLES.md lists what each holds`,
    });
  }
}

/** `--map` names a column that the table does not have. */
export class ColumnUnknown extends ThumbrankError {
  constructor(
    readonly file: string,
    readonly unknown: string[],
    readonly found: string[],
  ) {
    super("TABLE_COLUMN_UNKNOWN", {
      what: `${file} has no column ${listedColumns(unknown)}; its columns are ${listedColumns(found)}`,
      next: "correct --map, whose form is OURS=THEIRS",
    });
  }
}

/** A column of a type that cannot be read as a value. */
export class ColumnTypeUnknown extends ThumbrankError {
  constructor(
    readonly file: string,
    readonly column: string,
    readonly type: string,
  ) {
    super("TABLE_COLUMN_TYPE", {
      what: `the column "${column}" of ${file} is of the type ${type}, which cannot be read`,
      next: "cast it to text, a number, a time or a duration, or leave it out",
    });
  }
}

const MAX_LISTED = 40;

/** Column names, quoted and shortened: a file that is not a table may seem to have thousands of long ones. */
function listedColumns(names: string[]): string {
  return listed(
    names.map((name) => `"${shortened(name.slice(0, 200), 60)}"`),
    MAX_LISTED,
  );
}

/** The given thumbnail folder does not exist. */
export class ThumbnailsFolderMissing extends ThumbrankError {
  constructor(readonly folder: string) {
    super("THUMBNAILS_FOLDER_MISSING", {
      what: `the thumbnail folder ${folder} is not a folder that can be read`,
      next: "give the folder that holds <video_id>.jpg (or .jpeg, .jpe, .jfif, .png, .webp) with --thumbnails",
    });
  }
}
