import { type Figure, figure } from "./figure";
import { escapeTemplate, wrapped } from "./label";
import { makeLayout } from "./layout";
import { colourOf, QUIET } from "./template";
import type { PlotOptions, Trace } from "./trace";

export interface Point {
  x: number;
  y: number;
  /** A group, which gets a colour and a legend entry, or a number on a colour scale. */
  color?: string | number | undefined;
  /** Shown on hover. */
  label?: string | undefined;
}

/** How a scatter plot is drawn. */
export interface ScatterOptions extends PlotOptions {
  /** What a numeric colour means. */
  color?: string;
  /** Size of a dot, in pixels. */
  size?: number;
  /** Draws a dotted line where y equals x. */
  diagonal?: boolean;
}

/** With more dots than this, they are smaller and more translucent. */
const MANY = 400;

/** Draws dots, coloured by group or by a number, each with its label on hover. */
export function scatter(points: readonly Point[], options: ScatterOptions = {}): Figure {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const name = typeof point.color === "string" ? point.color : "";
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [point]);
    else members.push(point);
  }
  const clouds = [...groups].map(([name, members], i) => cloud(name, members, colourOf(i), options, points.length));
  const values = { x: points.map(({ x }) => x), y: points.map(({ y }) => y) };
  // Keeps dots in the legend large enough to show their colour.
  const legend = { itemsizing: "constant" };
  const layout = { ...makeLayout(options, values), showlegend: groups.size > 1, legend };
  return figure([...(options.diagonal ? [makeDiagonal(values)] : []), ...clouds], layout);
}

function cloud(name: string, points: readonly Point[], colour: string, options: ScatterOptions, total: number): Trace {
  const { color, size = total > MANY ? 5 : 8 } = options;
  const shades = points.map((point) => (typeof point.color === "number" ? point.color : null));
  const scaled = shades.some((shade) => shade !== null);
  const bar = { title: { text: color ?? "", font: { size: 13 } }, thickness: 12, outlinewidth: 0, tickformat: ",~r" };
  const alpha = total > MANY ? "99" : "cc";
  // Dots are translucent, with an opaque edge if the colour is a group's.
  const fill = scaled
    ? { opacity: total > MANY ? 0.6 : 0.8, color: shades, showscale: true, colorbar: bar }
    : { color: `${colour}${alpha}`, line: { width: 1, color: colour } };
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    marker: { size, ...fill },
    text: points.map(({ label }) => wrapped(label ?? "")),
    hovertemplate: hoverTemplate(options, { labelled: points.some(({ label }) => label), group: name, scaled }),
  };
}

function hoverTemplate(
  { x = "x", y = "y", color }: ScatterOptions,
  { labelled, group, scaled }: { labelled: unknown; group: string; scaled: boolean },
): string {
  const lines = [
    ...(labelled ? ["%{text}"] : []),
    ...(group === "" ? [] : [escapeTemplate(group)]),
    `${escapeTemplate(x)}: %{x}`,
    `${escapeTemplate(y)}: %{y}`,
    ...(scaled ? [`${escapeTemplate(color ?? "colour")}: %{marker.color}`] : []),
  ];
  return `${lines.join("<br>")}<extra></extra>`;
}

function makeDiagonal({ x, y }: { x: number[]; y: number[] }): Trace {
  const all = [...x, ...y].filter(Number.isFinite);
  const ends = [all.reduce((a, b) => Math.min(a, b), all[0] ?? 0), all.reduce((a, b) => Math.max(a, b), all[0] ?? 1)];
  const line = { color: QUIET, width: 1.5, dash: "dot" };
  return { type: "scatter", mode: "lines", x: ends, y: ends, line, hoverinfo: "skip", showlegend: false };
}
