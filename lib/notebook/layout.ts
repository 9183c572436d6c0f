import type { Layout, Mark, PlotOptions } from "./trace";

/** The layout that a plot's options ask for. @param values what stands on the axes, which decides their ticks */
export function layoutOf(options: PlotOptions, values: { x?: Iterable<number>; y?: Iterable<number> } = {}): Layout {
  const { title, x, y, logX = false, logY = false, rangeX, rangeY, height, marks = [] } = options;
  return {
    ...(title === undefined ? { margin: { t: 24 } } : { title: { text: title } }),
    ...(height === undefined ? {} : { height }),
    xaxis: axis(x, logX, rangeX, values.x),
    yaxis: axis(y, logY, rangeY, values.y),
    ...marksOf(marks),
  };
}

function axis(title: string | undefined, log: boolean, range?: readonly [number, number], values?: Iterable<number>) {
  return {
    ...(title === undefined ? {} : { title: { text: title } }),
    ...(log ? { type: "log", dtick: 1 } : {}),
    ...(range === undefined ? {} : { range: log ? range.map(Math.log10) : range }),
    ...(values === undefined || log ? {} : integerTicks(values)),
  };
}

/** Where there are only a few integers, ticks between them would be nonsense. */
function integerTicks(values: Iterable<number>): Layout {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isInteger(value)) return {};
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return high - low <= 10 ? { dtick: 1, tickformat: ",d" } : { tickformat: ",d", hoverformat: ",d" };
}

function marksOf(marks: readonly Mark[]): Layout {
  const line = { color: "#5f6b7a", width: 1.5, dash: "dot" };
  const text = { showarrow: false, font: { size: 12, color: "#5f6b7a" } };
  const upright = marks.filter((mark) => mark.x !== undefined);
  const level = marks.filter((mark) => mark.y !== undefined);
  return {
    shapes: [
      ...upright.map(({ x }) => ({ type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, line })),
      ...level.map(({ y }) => ({ type: "line", xref: "paper", yref: "y", x0: 0, x1: 1, y0: y, y1: y, line })),
    ],
    annotations: [
      ...upright.map(({ x, label }) => ({
        ...text,
        x,
        xref: "x",
        y: 1,
        yref: "paper",
        yanchor: "top",
        xanchor: "left",
        text: label ?? "",
      })),
      ...level.map(({ y, label }) => ({
        ...text,
        y,
        yref: "y",
        x: 1,
        xref: "paper",
        xanchor: "right",
        yanchor: "bottom",
        text: label ?? "",
      })),
    ],
  };
}
