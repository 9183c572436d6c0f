import { COLOURS } from "../../../page";

/** One plot in Plotly's format. */
export interface Figure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

/** Axes, margins and font shared by all plots. */
export function axes(x: string, y: string) {
  return {
    xaxis: axis(x),
    yaxis: axis(y),
    height: 380,
    margin: { l: 12, r: 16, t: 28, b: 12 },
    font: { family: "system-ui, sans-serif", size: 13, color: COLOURS.text },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    dragmode: false,
    hovermode: "closest",
  };
}

function axis(title: string) {
  return {
    title: { text: title, font: { size: 13 }, standoff: 10 },
    gridcolor: COLOURS.line,
    linecolor: COLOURS.line,
    zeroline: false,
    automargin: true,
  };
}

/** A vertical line over the whole height. */
export function upright(x: number, color: string, dash: string): Record<string, unknown> {
  return { type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color, dash, width: 1 }, layer: "below" };
}

/** The line y = x from `from` to `to`. */
export function diagonal(from: number, to: number): Record<string, unknown> {
  const line = { color: COLOURS.quiet, dash: "dot", width: 1 };
  return { type: "line", x0: from, y0: from, x1: to, y1: to, line };
}
