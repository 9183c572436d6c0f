import { COLOURS } from "../../../page";
import type { EpochRecord } from "../../../training";
import { axes, type Figure } from "./axes";

/** Mean losses of the heads by epoch. */
export function lossFigure(history: readonly EpochRecord[]): Figure {
  const lines = [
    line(history, "pair loss", COLOURS.model, (record) => record.pair),
    line(history, "CTR loss", COLOURS.warm, (record) => record.ctr),
    line(history, "auxiliary loss", COLOURS.other, (record) => record.auxiliary),
  ];
  return { data: lines, layout: axes("epoch", "mean loss") };
}

/** Train and validation AUC, and the correlation of the CTR head, by epoch. */
export function qualityFigure(history: readonly EpochRecord[]): Figure {
  const lines = [
    line(history, "train AUC", COLOURS.other, (record) => record.trainAuc),
    line(history, "validation AUC", COLOURS.model, (record) => record.valAuc),
    line(history, "validation correlation", COLOURS.warm, (record) => record.valCorr),
  ];
  return { data: lines, layout: axes("epoch", "AUC or correlation") };
}

function line(
  history: readonly EpochRecord[],
  name: string,
  color: string,
  value: (record: EpochRecord) => number | null,
): Record<string, unknown> {
  return {
    type: "scatter",
    mode: history.length > 1 ? "lines" : "markers",
    name,
    x: history.map(({ epoch }) => epoch),
    y: history.map(value),
    line: { color, width: 2 },
    hovertemplate: "%{y:.4f}",
  };
}
