import { type Figure, figure } from "./figure";
import { layoutOf } from "./layout";
import { COLOURS } from "./template";
import type { PlotOptions, Trace } from "./trace";

/** A dot. */
export interface Point {
  x: number;
  y: number;
  /** A group, which gets a colour and a place in the legend, or a number on a scale of colours. */
  color?: string | number | undefined;
  /** Shown on hover. */
  label?: string | undefined;
}

/** How a scatter plot is drawn. */
export interface ScatterOptions extends PlotOptions {
  /** What a numeric colour means. */
  color?: string;
  /** Of a dot, in pixels. */
  size?: number;
  /** A dotted line where y equals x. */
  diagonal?: boolean;
}

/** Dots, by group or by a number in colour, each with its label on hover. */
export function scatter(points: readonly Point[], options: ScatterOptions = {}): Figure {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const name = typeof point.color === "string" ? point.color : "";
    groups.set(name, [...(groups.get(name) ?? []), point]);
  }
  const traces = [...groups].map(([name, members], at) => cloud(name, members, at, options));
  const layout = layoutOf(options, { x: points.map(({ x }) => x), y: points.map(({ y }) => y) });
  return figure([...(options.diagonal ? [diagonalOf(points)] : []), ...traces], {
    ...layout,
    showlegend: groups.size > 1,
  });
}

function cloud(name: string, points: readonly Point[], at: number, { color, size }: ScatterOptions): Trace {
  const shades = points.map((point) => (typeof point.color === "number" ? point.color : null));
  const scaled = shades.some((shade) => shade !== null);
  const fill = scaled
    ? { color: shades, showscale: true, colorbar: { title: { text: color ?? "" }, thickness: 12, outlinewidth: 0 } }
    : { color: COLOURS[at % COLOURS.length] };
  return {
    ...{ type: "scatter", mode: "markers", name, x: points.map(({ x }) => x), y: points.map(({ y }) => y) },
    marker: { size: size ?? (points.length > 400 ? 5 : 8), opacity: points.length > 400 ? 0.6 : 0.8, ...fill },
    text: points.map(({ label }) => label ?? ""),
    hovertemplate: points.some(({ label }) => label)
      ? "%{text}<br>%{x}, %{y}<extra></extra>"
      : "%{x}, %{y}<extra></extra>",
  };
}

function diagonalOf(points: readonly Point[]): Trace {
  const all = points.flatMap(({ x, y }) => [x, y]).filter(Number.isFinite);
  const ends = [all.reduce((a, b) => Math.min(a, b), 0), all.reduce((a, b) => Math.max(a, b), 1)];
  const line = { color: "#5f6b7a", width: 1.5, dash: "dot" };
  return { type: "scatter", mode: "lines", x: ends, y: ends, line, hoverinfo: "skip", showlegend: false };
}
