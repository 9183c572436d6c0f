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

/** How a table is written, where that is not to be recognised. */
export const TableOptions = z.strictObject({
  delimiter: z
    .preprocess(
      (text) => (text === "tab" || text === "\\t" ? "\t" : text),
      z.string().regex(/^[^\p{L}\p{N}"\r\n]$/u, "is not one sign, or the word tab"),
    )
    .nullable()
    .default(null)
    .describe("sign between the values of a CSV, or the word tab; recognised from the header otherwise"),
  encoding: z
    .enum(ENCODINGS)
    .nullable()
    .default(null)
    .describe("encoding of a CSV or JSON table; recognised otherwise"),
  map: z
    .partialRecord(z.enum(COLUMNS), z.string().min(1))
    .default({})
    .describe("takes a column from one of another name, such as views=viewCount"),
  set: z
    .partialRecord(z.enum(COLUMNS), z.string().min(1))
    .default({})
    .describe("gives all rows one value, such as channel_id=UC..., or collected_at=2026-11-01T00:00:00Z"),
});
export type TableOptions = z.infer<typeof TableOptions>;
export type Encoding = NonNullable<TableOptions["encoding"]>;
