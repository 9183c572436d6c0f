import { type Figure, figure } from "./figure";
import { layoutOf } from "./layout";
import { COLOURS } from "./template";
import type { PlotOptions, Trace } from "./trace";

/** A line, with a band around it where low and high are given. */
export interface Line {
  x: ArrayLike<number>;
  y: ArrayLike<number | null>;
  low?: ArrayLike<number>;
  high?: ArrayLike<number>;
  dash?: "solid" | "dot" | "dash";
}

/** Lines by name. */
export function lines(series: Readonly<Record<string, Line>>, options: PlotOptions = {}): Figure {
  const named = Object.entries(series);
  const traces = named.flatMap(([name, line], at) => tracesOf(name, line, COLOURS[at % COLOURS.length] ?? ""));
  const x = named.flatMap(([, line]) => Array.from(line.x));
  return figure(traces, { ...layoutOf(options, { x }), showlegend: named.length > 1, hovermode: "x unified" });
}

function tracesOf(name: string, { x, y, low, high, dash = "solid" }: Line, colour: string): Trace[] {
  const mode = x.length <= 40 ? "lines+markers" : "lines";
  const line = { type: "scatter", mode, name, x, y, line: { color: colour, width: 2, dash }, marker: { size: 5 } };
  if (low === undefined || high === undefined) return [line];
  const edge = { type: "scatter", mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
  const fill = { fill: "tonexty", fillcolor: `${colour}2b` };
  return [{ ...edge, x, y: low }, { ...edge, x, y: high, ...fill }, line];
}
