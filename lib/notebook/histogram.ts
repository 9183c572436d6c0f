import { type Bins, computeBins, computeLogBins, countIn } from "./bins";
import { type Figure, figure } from "./figure";
import { makeLayout } from "./layout";
import { formatNumber } from "./number";
import { colourOf, PAPER } from "./template";
import type { PlotOptions, Trace } from "./trace";

/** How a histogram is drawn. */
export interface HistogramOptions extends PlotOptions {
  /** Approximate number of bins; edges are round numbers. */
  bins?: number;
}

/**
 * Draws how often values occur; several named lists are overlaid in the same bins. With `logX`, bins have equal width
 * on the logarithmic axis, and values of 0 or less are left out, which the figure says.
 */
export function histogram(
  values: readonly number[] | Readonly<Record<string, readonly number[]>>,
  options: HistogramOptions = {},
): Figure {
  const given = toLists(values);
  const series = given.map(([name, list]) => [name, list.filter((value) => isDrawn(value, options))] as const);
  const all = series.flatMap(([, list]) => list);
  const bins = options.logX ? computeLogBins(all, options.bins) : computeBins(all, options.bins);
  const several = series.length > 1;
  const traces = series.map(([name, list], i) => ({ ...drawBars(list, bins, several ? colourOf(i) : null), name }));
  const left = given.reduce((sum, [, list]) => sum + list.length, 0) - all.length;
  return figure(traces, {
    ...makeLayout({ y: "count", ...options }, { y: traces.flatMap(({ y }) => [0, ...y]) }, describeUndrawn(left)),
    barmode: "overlay",
    bargap: 0,
    showlegend: several,
  });
}

type Lists = readonly (readonly [string, readonly number[]])[];

function toLists(values: readonly number[] | Readonly<Record<string, readonly number[]>>): Lists {
  return isList(values) ? [["", values]] : Object.entries(values);
}

// Array.isArray does not narrow readonly lists.
const isList = (values: object): values is readonly number[] => Array.isArray(values) || ArrayBuffer.isView(values);

const isDrawn = (value: number, { logX }: HistogramOptions) => Number.isFinite(value) && (!logX || value > 0);

const describeUndrawn = (left: number) => (left > 0 ? `${formatNumber(left)} values cannot be drawn here` : undefined);

/** @param colour of translucent bars; null if there is only one list */
function drawBars(values: readonly number[], bins: Bins, colour: string | null): Trace & { y: number[] } {
  const counts = countIn(values, bins);
  const widths = counts.map((_, i) => (bins.edges[i + 1] ?? 0) - (bins.edges[i] ?? 0));
  return {
    type: "bar",
    x: widths.map((width, i) => (bins.edges[i] ?? 0) + width / 2),
    y: counts,
    width: widths,
    marker:
      colour === null
        ? { line: { width: 0.5, color: PAPER } }
        : { color: `${colour}80`, line: { width: 1.5, color: colour } },
    hovertext: bins.labels.map((label, i) => `${label}: ${formatNumber(counts[i] ?? 0)}`),
    hoverinfo: colour === null ? "text" : "text+name",
  };
}
