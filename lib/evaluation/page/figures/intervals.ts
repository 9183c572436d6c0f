import { escapeHtml, shortened } from "../../../base";
import { COLOURS } from "../../../page";
import type { Estimate } from "../../bootstrap";
import { counted } from "../../format";
import type { SplitResult } from "../../report";
import { axes, type Figure, upright } from "./axes";

/** Most channels drawn in one plot: the ones with the most pairs. */
export const MOST_CHANNELS = 40;

interface Row {
  label: string;
  about: string;
  estimate: Estimate;
}

/** AUC and interval of each channel, best at the top. */
export function channelFigure(split: SplitResult): Figure {
  const rows = split.channelResults.slice(0, MOST_CHANNELS).map((row) => ({
    label: row.channelTitle ?? row.channelId,
    about: counted(row.pairs, "pair"),
    estimate: row.pairwiseAuc,
  }));
  return intervals(rows, split.metrics.pairwiseAuc.value);
}

/** AUC and interval of each niche, best at the top. */
export function nicheFigure(split: SplitResult): Figure {
  const rows = split.niches.map((row) => ({
    label: row.niche,
    about: `${counted(row.channels, "channel")}, ${counted(row.pairs, "pair")}`,
    estimate: row.pairwiseAuc,
  }));
  return intervals(rows, split.metrics.pairwiseAuc.value);
}

function intervals(rows: Row[], overall: number): Figure {
  const sorted = rows
    .filter(({ estimate }) => !Number.isNaN(estimate.value))
    .sort((a, b) => a.estimate.value - b.estimate.value);
  const layout = axes("pairwise AUC", "");
  const positions = sorted.map((_, i) => i);
  return {
    data: [dots(sorted, positions)],
    layout: {
      ...layout,
      yaxis: {
        ...layout.yaxis,
        tickvals: positions,
        ticktext: sorted.map(({ label }) => escapeHtml(shortened(label, 22))),
        range: [-0.7, sorted.length - 0.3],
        showgrid: false,
      },
      shapes: [upright(0.5, COLOURS.quiet, "dot"), upright(overall, COLOURS.model, "dash")],
      height: 110 + 26 * sorted.length,
      showlegend: false,
    },
  };
}

function dots(rows: Row[], positions: number[]): Record<string, unknown> {
  // A missing interval has no length, rather than a length of 0, which would look like certainty; null draws nothing.
  const length = (side: "low" | "high") =>
    rows.map(({ estimate }) => (Number.isNaN(estimate[side]) ? null : Math.abs(estimate[side] - estimate.value)));
  return {
    type: "scatter",
    mode: "markers",
    x: rows.map(({ estimate }) => estimate.value),
    y: positions,
    error_x: {
      type: "data",
      symmetric: false,
      array: length("high"),
      arrayminus: length("low"),
      thickness: 2,
      width: 0,
      color: COLOURS.faint,
    },
    marker: {
      color: rows.map(({ estimate }) => (Number.isNaN(estimate.low) ? COLOURS.paper : COLOURS.model)),
      line: { color: COLOURS.model, width: 2 },
      size: 8,
    },
    text: rows.map(({ label, about }) => `${escapeHtml(shortened(label, 60))}<br>${about}`),
    hovertemplate: "%{text}<br>AUC %{x:.3f}<extra></extra>",
  };
}
