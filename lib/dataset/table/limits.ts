/** Longest record of a text table: a CSV row with all its lines, or the part of a JSON object that is kept. */
export const MAX_RECORD_BYTES = 1_000_000;
/** Longest single value of a column that is read. */
export const MAX_CELL_CHARACTERS = 100_000;
/** A file with a longer line or object is not a table; reading to its end could take hours. */
export const MAX_SKIPPED_BYTES = 256_000_000;
/** More blank rows than a spreadsheet can have are a mistake or malicious. */
export const MAX_BLANK_ROWS = 2_000_000;
