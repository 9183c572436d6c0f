import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { writeCsv } from "../../lib/base";

test("a reader of CSV gets back what was written: quotes, commas, line ends, other scripts", () => {
  const rows = [
    ["a", 'said "hello", and left', "two\nlines", "two\r\nlines"],
    ["", "żółć", "日本語", "emoji 🎬"],
  ];
  expect(parse(writeCsv(rows))).toEqual(rows);
});

test("text that a spreadsheet would run is text, numbers stay numbers", () => {
  const formulas = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://a","b")',
  ];
  const [row] = parse(writeCsv([formulas])) as string[][];
  expect(row).toEqual(formulas.map((formula) => `'${formula}`));
  expect(writeCsv([[-0.5, 1e-7, 3]])).toBe("-0.5,1e-7,3\r\n");
  expect(writeCsv([["a=b", "1-2"]])).toBe("a=b,1-2\r\n");
});
