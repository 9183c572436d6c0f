import { ColumnsMissing } from "../errors";

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

type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/** The cells of one row as text, by column; a column the table lacks is absent. */
export type Cells = Partial<Record<Column, string>>;

/** A row as it stands in the file: its cells, or what is wrong with its syntax. */
export type RawRow = { line: number; cells: Cells } | { line: number; fault: string };

/** The columns of a table that an import reads, in the table's order; others are ignored. */
export function knownColumns(found: string[]): Column[] {
  const known: readonly string[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];
  return found.filter((name): name is Column => known.includes(name));
}

/** @throws ColumnsMissing that names the missing columns and those found */
export function requireColumns(file: string, found: string[]): void {
  const missing = REQUIRED_COLUMNS.filter((name) => !found.includes(name));
  if (missing.length > 0) throw new ColumnsMissing(file, missing, found);
}
