import { type Figure, figure } from "./figure";
import { makeLayout } from "./layout";
import { colourOf } from "./template";
import type { PlotOptions, Trace } from "./trace";

/** A line, with a band around it if low and high are given. */
export interface Line {
  x: ArrayLike<number>;
  y: ArrayLike<number | null>;
  low?: ArrayLike<number | null>;
  high?: ArrayLike<number | null>;
  dash?: "solid" | "dot" | "dash";
}

/** Lines of at most this many points also get markers. */
const FEW = 40;

/** Draws named lines. */
export function lines(series: Readonly<Record<string, Line>>, options: PlotOptions = {}): Figure {
  const named = Object.entries(series);
  const traces = named.flatMap(([name, line], i) => makeTraces(name, line, colourOf(i)));
  const x = named.flatMap(([, line]) => Array.from(line.x));
  const y = named.flatMap(([, line]) => Array.from(line.y).filter((value): value is number => value !== null));
  return figure(traces, { ...makeLayout(options, { x, y }), showlegend: named.length > 1, hovermode: "x unified" });
}

function makeTraces(name: string, { x, y, low, high, dash = "solid" }: Line, colour: string): Trace[] {
  const mode = x.length <= FEW ? "lines+markers" : "lines";
  const line = { type: "scatter", mode, name, x, y, line: { color: colour, width: 2, dash }, marker: { size: 5 } };
  if (low === undefined || high === undefined) return [line];
  const edge = { type: "scatter", mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
  const fill = { fill: "tonexty", fillcolor: `${colour}2b` };
  return [{ ...edge, x, y: low }, { ...edge, x, y: high, ...fill }, line];
}
