import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type RawRow, readRows } from "../../lib/dataset/table";
import { COLUMNS, row, temporaryFolder } from "./fixture";

const HEADER = COLUMNS.join(",");

async function read(text: string | Buffer): Promise<RawRow[]> {
  const file = join(await temporaryFolder(), "videos.csv");
  await writeFile(file, text);
  const rows: RawRow[] = [];
  for await (const raw of readRows(file)) rows.push(raw);
  return rows;
}

const titles = (rows: RawRow[]) => rows.map((raw) => [raw.line, "cells" in raw ? raw.cells.title : "FAULT"]);

test("line numbers are those of an editor, over line breaks in quotes, blank lines and CRLF", async () => {
  const lines = [HEADER, row("a", { title: "one\ntwo\n\nthree" }), "", row("b", { title: "next" })];
  expect(titles(await read(lines.join("\n")))).toEqual([
    [2, "one\ntwo\n\nthree"],
    [7, "next"],
  ]);
  expect(titles(await read(lines.join("\n").replaceAll("\n", "\r\n")))).toEqual([
    [2, "one\r\ntwo\r\n\r\nthree"],
    [7, "next"],
  ]);
});

test("a byte order mark, columns in another order and unknown columns do not matter", async () => {
  const [raw] = await read(`\ufefftags,${HEADER}\n"x, y",${row("a")}\n`);
  expect(raw).toEqual({
    line: 2,
    cells: {
      video_id: "a",
      channel_id: "UC-channel",
      title: "Title of a",
      published_at: "2024-03-01T10:00:00Z",
      views: "1234",
      collected_at: "2024-05-01T00:00:00Z",
    },
  });
});

test("a quote that is not closed, or closed too early, costs its own row only", async () => {
  const broken = ['a,c,A 5" disk,2024,1,2024', 'b,c,"never closed,2024,1,2024', 'c,c,"closed" early,2024,1,2024'];
  const lines = [HEADER, row("1"), ...broken, row("2", { title: 'fine, "quoted"\nand long' }), row("3")];
  expect(titles(await read(lines.join("\n")))).toEqual([
    [2, "Title of 1"],
    [3, 'A 5" disk'],
    [4, "FAULT"],
    [5, "FAULT"],
    [6, 'fine, "quoted"\nand long'],
    [8, "Title of 3"],
  ]);
});

test("a quote that is never closed does not take a long file with it", async () => {
  const good = Array.from({ length: 5000 }, (_, index) => row(`v${index}`));
  const rows = await read([HEADER, 'x,c,"open,2024,1,2024', ...good].join("\n"));
  expect(rows.length).toBe(5001);
  expect(rows.filter((raw) => "fault" in raw).map(({ line }) => line)).toEqual([2]);
  expect(rows.at(-1)?.line).toBe(5002);
});

test("a row with too few or too many values says how many", async () => {
  const rows = await read([HEADER, "a,b", row("c"), `${row("d")},more`].join("\n"));
  expect(rows.map((raw) => ("fault" in raw ? raw.fault.reason : "fine"))).toEqual([
    "it has 2 values where the header has 6",
    "fine",
    "it has 7 values where the header has 6",
  ]);
});

test("a gzipped table reads as the plain one, whatever its name", async () => {
  const text = [HEADER, ...Array.from({ length: 3000 }, (_, index) => row(`v${index}`))].join("\n");
  expect(await read(gzipSync(text))).toEqual(await read(text));
});

test("whatever text stands in the cells comes back, in order", async () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\u00e4", "\u{1f600}", " "), maxLength: 12 });
  const tables = fc.array(
    cell.map((title) => `x${title}`),
    { minLength: 1, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(tables, async (cells) => {
      const rows = await read([HEADER, ...cells.map((title) => row("a", { title }))].join("\n"));
      expect(rows.map((raw) => ("cells" in raw ? raw.cells.title : raw))).toEqual(cells);
    }),
    { numRuns: 60, seed: 1 },
  );
});
