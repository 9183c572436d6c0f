import { ThumbrankError } from "../errors";

/** A table that cannot be read at all: absent, truncated, or neither CSV nor Parquet. */
export class TableUnreadable extends ThumbrankError {
  constructor(
    readonly file: string,
    why: string,
    cause?: unknown,
  ) {
    super("TABLE_UNREADABLE", {
      what: `${file} cannot be read: ${why}`,
      next: "give a CSV (UTF-8, commas, also .gz) or Parquet file; what was imported before stays, and importing again completes it",
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
      what: `${file} lacks ${missing.map((name) => `"${name}"`).join(", ")}; its columns are ${found.map((name) => `"${name}"`).join(", ") || "none"}`,
      next: "rename or add the columns; the README lists what each holds",
    });
  }
}

/** The folder given for the pictures is not there. */
export class ThumbnailsFolderMissing extends ThumbrankError {
  constructor(readonly folder: string) {
    super("THUMBNAILS_FOLDER_MISSING", {
      what: `the thumbnail folder ${folder} is not a folder that can be read`,
      next: "give the folder that holds <video_id>.jpg (or .jpeg, .jpe, .jfif, .png, .webp) with --thumbnails",
    });
  }
}
