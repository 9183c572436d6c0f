import { type Figure, figure } from "./figure";
import { layoutOf } from "./layout";
import { COLOURS } from "./template";
import type { PlotOptions, Trace } from "./trace";

/** A bar, with an interval where low and high are given. */
export interface Bar {
  label: string;
  value: number;
  low?: number | undefined;
  high?: number | undefined;
  group?: string | undefined;
}

/** How bars are drawn. */
export interface BarOptions extends PlotOptions {
  /** Lying bars, for long labels. */
  horizontal?: boolean;
  /** Groups on top of each other in place of side by side. */
  stacked?: boolean;
}

/** Bars in the order given, side by side by group; `x` and `y` name the axes as they are drawn. */
export function bars(rows: readonly Bar[], options: BarOptions = {}): Figure {
  const { horizontal = false, stacked = false } = options;
  const groups = [...new Set(rows.map(({ group }) => group ?? ""))];
  const traces = groups.map((name, at) => {
    const members = rows.filter(({ group }) => (group ?? "") === name);
    return { ...barTrace(members, horizontal), name, marker: { color: COLOURS[at % COLOURS.length] } };
  });
  const values = rows.map(({ value }) => value);
  const layout = layoutOf(options, horizontal ? { x: values } : { y: values });
  const labels = { type: "category", automargin: true, ...(horizontal ? { autorange: "reversed" } : {}) };
  const side = horizontal ? "yaxis" : "xaxis";
  return figure(traces, {
    ...layout,
    [side]: { ...(layout[side] as object), ...labels },
    ...{ barmode: stacked ? "stack" : "group", bargap: 0.3, showlegend: groups.length > 1 },
  });
}

function barTrace(rows: readonly Bar[], horizontal: boolean): Trace {
  const [labels, values] = [rows.map(({ label }) => label), rows.map(({ value }) => value)];
  const interval = {
    ...{ type: "data", symmetric: false, color: "#24292f", thickness: 1.5, width: 4 },
    array: rows.map(({ value, high }) => (high === undefined ? 0 : high - value)),
    arrayminus: rows.map(({ value, low }) => (low === undefined ? 0 : value - low)),
  };
  const errors = rows.some(({ low, high }) => low !== undefined || high !== undefined);
  return horizontal
    ? { type: "bar", orientation: "h", x: values, y: labels, ...(errors ? { error_x: interval } : {}) }
    : { type: "bar", x: labels, y: values, ...(errors ? { error_y: interval } : {}) };
}
