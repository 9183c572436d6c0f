import { COLOURS } from "../../../page";
import { BASELINES } from "../../baselines";
import { counted } from "../../format";
import { gapName } from "../../labels";
import type { GapResult, SplitResult } from "../../report";
import { axes, type Figure } from "./axes";

/** Baselines drawn beside the model, with their colours: more would hide each other. */
const DRAWN = { newer: COLOURS.warm, logistic: COLOURS.other };

/** AUC of the model, with intervals, and of two baselines by how many times the loser's views the winner has. */
export function gapFigure({ gaps }: SplitResult): Figure {
  const bands = gaps.filter(({ pairs }) => pairs > 0);
  const layout = axes("winner\u2019s views, as a multiple of the loser\u2019s", "pairwise AUC");
  const baselines = BASELINES.flatMap(({ name, label }) =>
    name in DRAWN ? [line(bands, label, DRAWN[name as keyof typeof DRAWN], (gap) => gap.baselines[name].value)] : [],
  );
  const chance = { type: "line", xref: "paper", x0: 0, x1: 1, y0: 0.5, y1: 0.5 };
  const shapes = [{ ...chance, line: { color: COLOURS.quiet, dash: "dot", width: 1 }, layer: "below" }];
  const xaxis = { ...layout.xaxis, type: "category" };
  return { data: [...baselines, modelLine(bands)], layout: { ...layout, xaxis, shapes, height: 300 } };
}

function modelLine(bands: GapResult[]): Record<string, unknown> {
  const length = (side: "low" | "high") =>
    bands.map(({ pairwiseAuc }) => {
      const end = pairwiseAuc[side];
      return Number.isNaN(end) ? null : Math.abs(end - pairwiseAuc.value);
    });
  return {
    ...line(bands, "this model", COLOURS.model, ({ pairwiseAuc }) => pairwiseAuc.value),
    error_y: {
      type: "data",
      symmetric: false,
      array: length("high"),
      arrayminus: length("low"),
      thickness: 2,
      width: 0,
      color: COLOURS.faint,
    },
    text: bands.map(({ pairs, channels }) => `${counted(pairs, "pair")} of ${counted(channels, "channel")}`),
    hovertemplate: "AUC %{y:.3f}<br>%{text}",
  };
}

function line(
  bands: GapResult[],
  name: string,
  color: string,
  value: (gap: GapResult) => number,
): Record<string, unknown> {
  const defined = (figure: number) => (Number.isNaN(figure) ? null : figure);
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    x: bands.map(gapName),
    y: bands.map((gap) => defined(value(gap))),
    line: { color, width: 2 },
    marker: { color, size: 8 },
    hovertemplate: "%{y:.3f}",
  };
}
