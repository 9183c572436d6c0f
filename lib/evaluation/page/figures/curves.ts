import { COLOURS } from "../../../page";
import { type EpochRecord, LOSSES } from "../../../runs";
import { axes, type Figure } from "./axes";

const LOSS_COLOURS = [COLOURS.model, COLOURS.warm, COLOURS.other];

/** Mean losses of the heads by epoch. */
export function lossFigure(history: readonly EpochRecord[]): Figure {
  const lines = LOSSES.map(({ name, label }, index) =>
    line(
      history,
      `${label} loss`,
      LOSS_COLOURS[index % LOSS_COLOURS.length] ?? COLOURS.model,
      (record) => record[name],
    ),
  );
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
