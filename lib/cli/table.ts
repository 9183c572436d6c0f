import { createRequire } from "node:module";
import { escapeLine } from "../base";

/** The value of a cell; `-` stands for a missing number. */
export type Cell = string | number;

const integers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

const formatCell = (cell: Cell) =>
  Number.isInteger(cell) ? integers.format(cell as number) : escapeLine(String(cell));

const isNumeric = (cell: Cell) => typeof cell === "number" || cell === "-";

/** Whether a column holds only numbers, which are aligned right. */
function isNumberColumn(rows: readonly (readonly Cell[])[], column: number): boolean {
  const cells = rows.map((row) => row[column] ?? "");
  return cells.every(isNumeric) && cells.some((cell) => typeof cell === "number");
}

let stringWidth: ((text: string) => number) | undefined;

/** The width of a text in terminal columns. Loading what knows it takes a tenth of a start, and most print no table. */
function widthOf(text: string): number {
  stringWidth ??= (createRequire(__filename)("string-width") as typeof import("string-width")).default;
  return stringWidth(text);
}

/** Blanks that pad a cell to a width, in terminal columns: some characters take two. */
const padding = (cell: string, width: number) => " ".repeat(Math.max(0, width - widthOf(cell)));

/**
 * Formats a plain-text table: headings, a rule, rows; two blanks between columns, no trailing blanks. Integers get
 * thousands separators; pass other numbers as text if their digits matter.
 */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [headings, ...rows].map((row) => headings.map((_, column) => formatCell(row[column] ?? "")));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ""))));
  const flushRight = headings.map((_, column) => isNumberColumn(rows, column));
  const formatLine = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const blanks = padding(cell, widths[column] ?? 0);
        return flushRight[column] ? `${blanks}${cell}` : `${cell}${blanks}`;
      })
      .join("  ")
      .trimEnd();
  const [head = [], ...body] = lines;
  return [head, widths.map((width) => "-".repeat(width)), ...body].map(formatLine).join("\n");
}
