import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type RawRow, readRows, TableOptions } from "../../lib/dataset/table";
import { COLUMNS, row, temporaryFolder } from "./fixture";

const HEADER = COLUMNS.join(",");

async function read(text: string | Buffer, options: Partial<TableOptions> = {}) {
  const file = join(await temporaryFolder(), "table");
  await writeFile(file, text);
  const notes: string[] = [];
  const rows: RawRow[] = [];
  for await (const raw of readRows(file, TableOptions.parse(options), (note) => notes.push(note))) rows.push(raw);
  return { rows, notes, titles: rows.map((raw) => [raw.line, "cells" in raw ? raw.cells.title : raw.fault.code]) };
}

test("rows of nothing but separators, blanks or empty quotes are no rows, before the header and after it", async () => {
  const { titles } = await read(
    ["", ",,,,,", HEADER, row("a"), ",,,,,", '"",,,,,""', " , ,,,,", row("b"), ",,"].join("\n"),
  );
  expect(titles).toEqual([
    [4, "Title of a"],
    [8, "Title of b"],
  ]);
});

test("optional cells may be missing at a row's end, and blank ones too many; required ones may not", async () => {
  const { rows } = await read(
    [`${HEADER},likes,niche`, row("a"), `${row("b")},7,x,,`, `${row("c")},7,x,y`, "d,e"].join("\n"),
  );
  expect(rows.map((raw) => ("cells" in raw ? [raw.cells.video_id, raw.cells.likes] : raw.fault.reason))).toEqual([
    ["a", ""],
    ["b", "7"],
    "it has 9 values where the header has 8",
    "it has 2 values where the header has 8",
  ]);
});

test.each([
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
])("lines that end by %s are counted, also within quotes", async (_name, end) => {
  const lines = [HEADER, row("a"), row("b", { title: `one${end}two, "three"` }), "", row("c")];
  const { titles } = await read(lines.join(end));
  expect(titles).toEqual([
    [2, "Title of a"],
    [3, `one${end}two, "three"`],
    [6, "Title of c"],
  ]);
});

test("line ends of all kinds in one file are one line end each", async () => {
  const { titles } = await read(`${HEADER}\r\n${row("a")}\n${row("b")}\r${row("c")}\r\r\n${row("d")}`);
  expect(titles.map(([line]) => line)).toEqual([2, 3, 4, 6]);
});

test.each([
  [";", ";"],
  ["tab", "\t"],
  ["|", "|"],
])("values separated by %s are recognised from the header", async (_name, delimiter) => {
  const lines = [HEADER, row("a", { title: "1;2\t3|4" })].map((line) => line.replaceAll(",", delimiter));
  const quoted = lines.join("\n").replace("1;2\t3|4", '"1;2\t3|4, 5"');
  const { titles, notes } = await read(quoted);
  expect(titles).toEqual([[2, "1;2\t3|4, 5"]]);
  expect(notes).toEqual([expect.stringContaining("separated by")]);
});

test("a line sep=; and --delimiter name the separator", async () => {
  const text = [HEADER, row("a")].join("\n").replaceAll(",", ";");
  expect((await read(`sep=;\r\n${text}`)).titles).toEqual([[3, "Title of a"]]);
  expect((await read(text.replaceAll(";", "~"), { delimiter: "~" })).titles).toEqual([[2, "Title of a"]]);
});

const TEXT = [HEADER, row("a", { title: "Caf\u00e9 \u20ac5 \u201cx\u201d" })].join("\n");
const windows1252 = Buffer.from(
  TEXT.replaceAll("\u20ac", "\x80").replaceAll("\u201c", "\x93").replaceAll("\u201d", "\x94"),
  "latin1",
);
const utf16be = Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16();

test.each([
  ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`), []],
  ["UTF-16 LE with a mark", Buffer.from(`\ufeff${TEXT}`, "utf16le"), ["utf-16le"]],
  ["UTF-16 LE without", Buffer.from(TEXT, "utf16le"), ["utf-16le"]],
  ["UTF-16 BE with a mark", utf16be, ["utf-16be"]],
  ["Windows-1252", windows1252, ["windows-1252"]],
  ["gzipped Windows-1252", gzipSync(windows1252), ["windows-1252"]],
])("%s is recognised, and said", async (_name, bytes, told) => {
  const { titles, notes } = await read(bytes);
  expect(titles).toEqual([[2, "Caf\u00e9 \u20ac5 \u201cx\u201d"]]);
  expect(notes).toEqual(told.map((encoding) => expect.stringContaining(encoding)));
});

test("--encoding is believed", async () => {
  const cyrillic = Buffer.from(TEXT.replace(/Caf.*x\u201d/, "\xcf\xf0\xe8\xe2\xe5\xf2"), "latin1");
  expect((await read(cyrillic, { encoding: "windows-1251" })).titles).toEqual([
    [2, "\u041f\u0440\u0438\u0432\u0435\u0442"],
  ]);
});

test("bytes that are not UTF-8 in a table that is cost their row, and --encoding is named", async () => {
  const rows = [row("a", { title: "\u00e9\u00e8\u20ac" }), row("b", { title: "X" }), row("c")];
  const bytes = Buffer.from([HEADER, ...rows].join("\n"));
  bytes[bytes.indexOf("b,UC-channel,X") + 13] = 0xff;
  const { rows: read_, titles } = await read(bytes);
  expect(titles).toEqual([
    [2, "\u00e9\u00e8\u20ac"],
    [3, "ROW_TEXT"],
    [4, "Title of c"],
  ]);
  expect(read_[1]).toMatchObject({ fault: { reason: expect.stringMatching(/line 3 is not utf-8.*--encoding/) } });
});

test("a record beyond 1 MB is refused alone, by its line", async () => {
  const long = row("b", { title: "x".repeat(1_100_000) });
  const { titles } = await read([HEADER, row("a"), long, row("c")].join("\n"));
  expect(titles).toEqual([
    [2, "Title of a"],
    [3, "ROW_TOO_LONG"],
    [4, "Title of c"],
  ]);
});

test("a gzipped line of 300 MB ends reading", async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.alloc(300_000_000)]), { level: 1 });
  await expect(read(bomb)).rejects.toMatchObject({
    code: "TABLE_UNREADABLE",
    message: expect.stringContaining("line 2"),
  });
});

/** Work that grows with the square of the input takes minutes on these; the limit is there to catch that alone. */
test("unclosed quotes before very many lines are read in linear time", { timeout: 60_000 }, async () => {
  const text = [HEADER, 'x,c,"open,2024,1,2024', ..."\n".repeat(200_000), row("a")].join("");
  expect((await read(text.replace(HEADER, `${HEADER}\n`))).titles.at(-1)?.[1]).toBe("Title of a");
  const many = Array.from({ length: 50_000 }, (_, index) => `v${index},c,"open,2024,1,2024`);
  expect((await read([HEADER, ...many].join("\n"))).titles).toHaveLength(50_000);
});

test("a line of many chunks is read in linear time", { timeout: 60_000 }, async () => {
  const { titles } = await read([HEADER, "y".repeat(100_000_000), row("a")].join("\n"));
  expect(titles).toEqual([
    [2, "ROW_TOO_LONG"],
    [3, "Title of a"],
  ]);
});

const NO_TABLES: [start: Buffer | string, what: string][] = [
  ["PK\x03\x04 and more", "an Excel workbook; unpack it, or save the sheet as CSV"],
  [Buffer.from("d0cf11e0a1b11ae1", "hex"), "an old Excel workbook"],
  ["SQLite format 3\0 and more", "an SQLite database"],
  [Buffer.from("28b52ffd00", "hex"), "compressed by zstd"],
  ["<!doctype html><table>", "a page in HTML"],
  ["", "it is empty"],
  ["\n\n,,\n", "it is empty"],
];

test.each(NO_TABLES)("a file that begins with %j is told to be %s", async (content, what) => {
  await expect(read(content)).rejects.toMatchObject({
    code: "TABLE_UNREADABLE",
    what: expect.stringContaining(what),
  });
});

test("columns are found however their names are written, one written as ours first", async () => {
  const names = ["VIDEO_ID", "Channel ID", "Title", "publishedAt", "VIEWS", "Views", "collected-at"];
  const { rows } = await read(`${names.join(",")}\na,UC1,T,2026-01-01,5,6,2026-05-01\n`);
  expect(rows).toMatchObject([
    { cells: { video_id: "a", channel_id: "UC1", published_at: "2026-01-01", views: "5", collected_at: "2026-05-01" } },
  ]);
  const exact = await read(`${names.join(",").replace("Views", "views")}\na,UC1,T,2026-01-01,5,6,2026-05-01\n`);
  expect(exact.rows).toMatchObject([{ cells: { views: "6" } }]);
});

test("quotes within a value that begins with none are part of it", async () => {
  const stray = [row("a").replace("Title", 'The 5" screen'), row("b").replace("Title", 'Say "yes"')];
  const { titles } = await read([HEADER, ...stray, row("c").replace("Title", '"Not closed')].join("\n"));
  expect(titles).toEqual([
    [2, 'The 5" screen of a'],
    [3, 'Say "yes" of b'],
    [4, "ROW_SYNTAX"],
  ]);
});
