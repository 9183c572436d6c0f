import { binsOf, countIn } from "./bins";
import { type Figure, figure } from "./figure";
import { layoutOf } from "./layout";
import { formatNumber } from "./number";
import type { PlotOptions } from "./trace";

/** How a histogram is drawn. */
export interface HistogramOptions extends PlotOptions {
  /** About how many bins; edges are round numbers. */
  bins?: number;
}

/** How often values occur; several named lists are drawn over each other, in the same bins. */
export function histogram(
  values: readonly number[] | Readonly<Record<string, readonly number[]>>,
  options: HistogramOptions = {},
): Figure {
  const series: [string, readonly number[]][] = Array.isArray(values)
    ? [["", values as readonly number[]]]
    : Object.entries(values as Record<string, readonly number[]>);
  const edges = binsOf(
    series.flatMap(([, list]) => list),
    options.bins,
  );
  const traces = series.map(([name, list]) => ({
    ...{ type: "bar", name, x: edges.centres, y: countIn(list, edges), width: edges.step },
    ...{ opacity: series.length > 1 ? 0.6 : 1, marker: { line: { width: 0.5, color: "#ffffff" } } },
    hovertext: edges.labels.map((label, at) => `${label}: ${formatNumber(countIn(list, edges)[at] ?? 0)}`),
    hoverinfo: name === "" ? "text" : "text+name",
  }));
  return figure(traces, {
    ...layoutOf({ y: "count", ...options }),
    ...{ barmode: "overlay", bargap: 0, showlegend: series.length > 1 },
  });
}
