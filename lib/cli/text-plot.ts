import { escapeLine } from "../base";

/** A line of a plot; points without a value are left out. */
export interface PlotLine {
  name: string;
  points: { x: number; y: number | null }[];
}

const WIDTH = 60;
const HEIGHT = 12;
const MARKS = "abcdefghijklmnopqrstuvwxyz";
/** Stands where several lines meet. */
const SHARED = "*";

/** Draws lines as text, each with a letter of its own, above a legend; empty if there is no point to draw. */
export function textPlot(title: string, lines: readonly PlotLine[]): string[] {
  const drawn = lines.map(({ name, points }) => ({
    name,
    points: points.flatMap(({ x, y }) => (y === null ? [] : [{ x, y }])),
  }));
  const all = drawn.flatMap(({ points }) => points);
  if (all.length === 0) return [];
  const x = scale(all.map((point) => point.x));
  const y = scale(all.map((point) => point.y));
  const cells = Array.from({ length: HEIGHT }, () => new Array<string>(WIDTH).fill(" "));
  for (const [index, { points }] of drawn.entries()) {
    const mark = MARKS.charAt(index % MARKS.length);
    for (const point of points) {
      const row = cells[HEIGHT - 1 - y.cell(point.y, HEIGHT)];
      const column = x.cell(point.x, WIDTH);
      if (row !== undefined) row[column] = row[column] === " " || row[column] === mark ? mark : SHARED;
    }
  }
  const labels = new Map([
    [0, y.most.toFixed(3)],
    [HEIGHT - 1, y.least.toFixed(3)],
  ]);
  const margin = Math.max(...[...labels.values()].map((label) => label.length));
  const rows = cells.map((row, at) => `${(labels.get(at) ?? "").padStart(margin)} |${row.join("")}`.trimEnd());
  const axis = `${" ".repeat(margin)} +${"-".repeat(WIDTH)}`;
  const ends = `${" ".repeat(margin + 2)}${String(x.least).padEnd(WIDTH - String(x.most).length)}${x.most}`;
  const legend = drawn.map(({ name }, index) => `  ${MARKS.charAt(index % MARKS.length)}  ${escapeLine(name)}`);
  return [title, ...rows, axis, ends, ...(drawn.length > 1 ? legend : [])];
}

function scale(values: readonly number[]) {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const cell = (value: number, cells: number) =>
    most === least ? Math.floor(cells / 2) : Math.round(((value - least) / (most - least)) * (cells - 1));
  return { least, most, cell };
}
