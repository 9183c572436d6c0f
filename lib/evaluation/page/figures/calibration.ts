import { COLOURS } from "../../../page";
import { counted } from "../../format";
import type { SplitResult } from "../../report";
import { axes, diagonal, type Figure } from "./axes";

/** Reliability: how often the favourite won, against its predicted probability. Larger dots represent more pairs. */
export function calibrationFigure(split: SplitResult): Figure {
  const bins = split.calibration.bins.filter(({ pairs }) => pairs > 0);
  const largest = Math.max(...bins.map(({ pairs }) => pairs));
  const layout = axes("probability given to the favourite", "share of its pairs that it won");
  const trace = {
    type: "scatter",
    mode: "lines+markers",
    x: bins.map(({ predicted }) => predicted),
    y: bins.map(({ observed }) => observed),
    marker: {
      color: COLOURS.model,
      size: bins.map(({ pairs }) => 6 + 16 * Math.sqrt(pairs / largest)),
      line: { width: 0 },
    },
    line: { color: COLOURS.model, width: 1 },
    text: bins.map(({ pairs }) => counted(pairs, "pair")),
    hovertemplate: "given %{x:.2f}, won %{y:.2f}<br>%{text}<extra></extra>",
  };
  const xaxis = { ...layout.xaxis, range: [0.48, 1.02] };
  return { data: [trace], layout: { ...layout, xaxis, shapes: [diagonal(0.5, 1)], showlegend: false } };
}
