import { drawMarks } from "./marks";
import { QUIET } from "./template";
import type { Layout, PlotOptions } from "./trace";

/** Integer axes no longer than this get a tick for each integer. */
const FEW = 10;

/**
 * Makes the layout that a plot's options ask for.
 * @param values the values on the axes, which determine the ticks
 * @param note a remark shown below the plot
 */
export function makeLayout(
  options: PlotOptions,
  values: { x?: readonly number[]; y?: readonly number[] } = {},
  note?: string,
): Layout {
  const { title, x, y, logX = false, logY = false, rangeX, rangeY, height, marks = [] } = options;
  const { shapes, annotations } = drawMarks(marks, { logX, logY });
  return {
    ...(title === undefined ? {} : { title: { text: title } }),
    ...(height === undefined ? {} : { height }),
    xaxis: axis(x, logX, rangeX, values.x),
    yaxis: axis(y, logY, rangeY, values.y),
    shapes,
    annotations: note === undefined ? annotations : [...annotations, noteAt(note)],
  };
}

function axis(title: string | undefined, log: boolean, range?: readonly [number, number], values?: readonly number[]) {
  return {
    ...(title === undefined ? {} : { title: { text: title } }),
    ...(range === undefined ? {} : { range: log ? range.map(Math.log10) : range }),
    ...(log ? logTicks(values) : integerTicks(values)),
  };
}

/** Ticks at powers of ten; a short axis also gets 2 and 5 times them. */
function logTicks(values: readonly number[] = []): Layout {
  const [low, high] = findRange(values.filter((value) => value > 0).map(Math.log10));
  return { type: "log", tickformat: ",~r", dtick: high - low < 1.5 ? "D2" : 1 };
}

/** Ticks at integers only, if all values are integers. */
function integerTicks(values: readonly number[] = []): Layout {
  const [low, high] = findRange(values);
  if (!Number.isFinite(high - low) || !values.every(Number.isInteger)) return {};
  return { tickformat: ",d", ...(high - low <= FEW ? { dtick: 1 } : {}) };
}

function findRange(values: readonly number[]): [number, number] {
  const least = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  return [least, values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY)];
}

/** An unobtrusive remark below a plot, at its right end. */
export function noteAt(text: string): Layout {
  return {
    text,
    xref: "paper",
    yref: "paper",
    x: 1,
    y: 0,
    xanchor: "right",
    yanchor: "top",
    yshift: -26,
    showarrow: false,
    font: { size: 11, color: QUIET },
  };
}
