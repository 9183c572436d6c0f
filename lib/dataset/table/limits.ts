/** Longest record of a text table: a CSV row over all its lines, or what is kept of a JSON object. */
export const MAX_RECORD_BYTES = 1_000_000;
/** Longest single value of a column that is read. */
export const MAX_CELL_CHARACTERS = 100_000;
/** A line or object that goes on beyond this is no table; reading it to its end could take hours. */
export const MAX_SKIPPED_BYTES = 256_000_000;
/** More rows than a spreadsheet has can only be blank by mistake or malice. */
export const MAX_BLANK_ROWS = 2_000_000;
