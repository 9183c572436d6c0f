/** First bytes, as Latin-1, of files that are no table here though they may hold one; and what to do with them. */
const FOREIGN: [start: string, what: string][] = [
  ["PK\x03\x04", "it is a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV (UTF-8)"],
  ["\xd0\xcf\x11\xe0", "it is an old Excel workbook; save the sheet as CSV (UTF-8)"],
  ["SQLite format 3\0", "it is an SQLite database; write its table as CSV"],
  ["ARROW1\0\0", "it is a Feather (Arrow) file; write it as Parquet or CSV"],
  ["\x28\xb5\x2f\xfd", "it is compressed by zstd; unpack it, or compress it by gzip"],
  ["BZh", "it is compressed by bzip2; unpack it, or compress it by gzip"],
  ["\xfd7zXZ\0", "it is compressed by xz; unpack it, or compress it by gzip"],
  ["\xff\xfe\0\0", "it is UTF-32 text; save it as UTF-8"],
  ["%PDF-", "it is a PDF document"],
  ["<", "it is a page in HTML or XML; save the table as CSV"],
];

/** What a file is that no table of ours begins as; undefined where it may be one. @param head its first bytes, as Latin-1 */
export function foreignKind(head: string): string | undefined {
  return FOREIGN.find(([start]) => head.startsWith(start))?.[1];
}
