import { shortened } from "../base";
import { type Figure, figure } from "./figure";
import { makeLayout } from "./layout";
import { colourOf, INK } from "./template";
import type { Layout, PlotOptions, Trace } from "./trace";

/** A bar, with an interval if low and high are given. */
export interface Bar {
  /** Unique within a group. */
  label: string;
  value: number;
  low?: number | null | undefined;
  high?: number | null | undefined;
  group?: string | undefined;
}

/** How bars are drawn. */
export interface BarOptions extends PlotOptions {
  /** Horizontal bars, for long labels. */
  horizontal?: boolean;
  /** Stacks groups instead of placing them side by side. */
  stacked?: boolean;
}

const LABEL_LENGTH = 40;
/** With more bars than this, gaps are narrower so that the bars fit on a narrow page. */
const MANY = 10;

/** Draws bars in the given order, groups side by side or stacked; `x` and `y` name the axes as drawn. */
export function bars(rows: readonly Bar[], options: BarOptions = {}): Figure {
  const { horizontal = false, stacked = false } = options;
  const groups = [...new Set(rows.map(({ group }) => group ?? ""))];
  const traces = groups.map((name, i) => {
    const members = rows.filter(({ group }) => (group ?? "") === name);
    return { ...barTrace(members, horizontal), name, marker: { color: colourOf(i) } };
  });
  const values = [0, ...rows.map(({ value }) => value)];
  const layout = makeLayout(options, horizontal ? { x: values } : { y: values });
  const labels = [...new Set(rows.map(({ label }) => label))];
  return figure(traces, {
    ...(horizontal ? { height: computeHeight(labels.length * (stacked ? 1 : groups.length)) } : {}),
    ...labelled(layout, labels, horizontal),
    barmode: stacked ? "stack" : "group",
    bargap: labels.length > MANY ? 0.1 : 0.3,
    showlegend: groups.length > 1,
  });
}

/** Gives every label its tick; long labels are shortened. */
function labelled(layout: Layout, labels: readonly string[], horizontal: boolean): Layout {
  const texts = labels.map((label) => shortened(label, LABEL_LENGTH));
  const axis = { type: "category", tickmode: "array", tickvals: labels, ticktext: texts };
  // Plotly orders rows from the bottom up; people read from the top down.
  return horizontal
    ? { ...layout, yaxis: { ...(layout.yaxis as object), ...axis, autorange: "reversed" } }
    : { ...layout, xaxis: { ...(layout.xaxis as object), ...axis } };
}

const computeHeight = (lying: number): number => Math.max(200, 110 + 26 * lying);

function barTrace(rows: readonly Bar[], horizontal: boolean): Trace {
  const labels = rows.map(({ label }) => label);
  const values = rows.map(({ value }) => value);
  const errors = toErrorBars(rows);
  return horizontal
    ? { type: "bar", orientation: "h", x: values, y: labels, ...(errors && { error_x: errors }) }
    : { type: "bar", x: labels, y: values, ...(errors && { error_y: errors }) };
}

/** The error bars; null if no bar has an interval. */
function toErrorBars(rows: readonly Bar[]): Layout | null {
  const above = rows.map(({ value, high }) => (high == null ? null : high - value));
  const below = rows.map(({ value, low }) => (low == null ? null : value - low));
  if ([...above, ...below].every((reach) => reach === null)) return null;
  const style = { color: INK, thickness: 1.5, width: 4 };
  return { type: "data", symmetric: false, ...style, array: above, arrayminus: below };
}
