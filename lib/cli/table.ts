import stringWidth from "string-width";
import { escapeLine } from "../base";

/** What a cell may hold; `-` stands for no number. */
export type Cell = string | number;

const integers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

const formatCell = (cell: Cell) =>
  Number.isInteger(cell) ? integers.format(cell as number) : escapeLine(String(cell));

const isNumeric = (cell: Cell) => typeof cell === "number" || cell === "-";

/** Columns that hold numbers alone are flush right. */
function isNumberColumn(rows: readonly (readonly Cell[])[], column: number): boolean {
  const cells = rows.map((row) => row[column] ?? "");
  return cells.every(isNumeric) && cells.some((cell) => typeof cell === "number");
}

/** Blanks that bring a cell to a width, counted in columns of a terminal, where some characters take two. */
const padding = (cell: string, width: number) => " ".repeat(Math.max(0, width - stringWidth(cell)));

/**
 * A table in plain text: headings, a rule, rows; two blanks between columns, no blanks at a line's end.
 * Integers get thousands separators; give other numbers as text where their digits matter.
 */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [headings, ...rows].map((row) => headings.map((_, column) => formatCell(row[column] ?? "")));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => stringWidth(line[column] ?? ""))));
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
