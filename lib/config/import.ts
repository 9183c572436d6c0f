import { z } from "zod";

/** The columns of a table of videos, and how a table is written. */

export const REQUIRED_COLUMNS = ["video_id", "channel_id", "title", "published_at", "views", "collected_at"] as const;
export const OPTIONAL_COLUMNS = [
  "channel_title",
  "duration",
  "likes",
  "comments",
  "subscribers",
  "language",
  "niche",
  "true_ctr",
  "thumbnail",
] as const;
export const COLUMNS = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];

export type Column = (typeof COLUMNS)[number];

const ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "iso-8859-15",
  "macintosh",
  "shift_jis",
  "gb18030",
  "big5",
  "euc-kr",
] as const;

/** A value of a cell, or the name of a column. */
const Cell = z.string().min(1).max(1000);

/** How a table is written, where that is not to be recognised. */
export const TableOptions = z
  .strictObject({
    delimiter: z
      .preprocess((text) => (text === "tab" || text === "\\t" ? "\t" : text), z.string().regex(/^[^\p{L}\p{N}"\r\n]$/u))
      .nullable()
      .default(null)
      .meta({
        placeholder: "sign",
        form: "one character that is neither letter nor digit, or the word tab",
        description: "character between the values of a CSV, or the word tab; none recognises it from the header",
      }),
    encoding: z.enum(ENCODINGS).nullable().default(null).meta({
      description: "encoding of a CSV or JSON table; none recognises it",
    }),
    map: z.partialRecord(z.enum(COLUMNS), Cell).default({}).meta({
      placeholder: "ours=theirs",
      description: "take a column from one of another name, such as views=view_count; may be repeated",
    }),
    set: z.partialRecord(z.enum(COLUMNS), Cell).default({}).meta({
      placeholder: "ours=value",
      description:
        "give all rows one value, such as channel_id=UC..., or collected_at=2026-11-01T00:00:00Z; may be repeated",
    }),
  })
  .meta({ title: "Table" });
export type TableOptions = z.infer<typeof TableOptions>;
export type Encoding = NonNullable<TableOptions["encoding"]>;
