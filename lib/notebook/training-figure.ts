import { type EpochRecord, LOSSES, type LossName } from "../training";
import type { Figure } from "./figure";
import { lines } from "./lines";
import { subplots } from "./subplots";
import type { Mark } from "./trace";

/** The values of an epoch that the figure draws. */
export type EpochCurve = Pick<EpochRecord, "epoch" | LossName | "valAuc" | "valCorr" | "trainAuc">;

/** Draws losses on the left, AUC and correlation on the right, by epoch. @param options mark where averaging begins */
export function trainingFigure(
  epochs: readonly EpochCurve[],
  options: { useSwa?: boolean; swaStart?: number } = {},
): Figure {
  const x = epochs.map(({ epoch }) => epoch);
  const line = (of: (epoch: EpochCurve) => number | null) => ({ x, y: epochs.map(of) });
  const losses = Object.fromEntries(LOSSES.map(({ name, label }) => [label, line((epoch) => epoch[name])]));
  const metrics = {
    AUC: line(({ valAuc }) => valAuc),
    "training AUC": line(({ trainAuc }) => trainAuc),
    correlation: line(({ valCorr }) => valCorr),
  };
  const swa = swaMark(epochs, options);
  return subplots([
    lines(losses, { title: "Losses", x: "epoch", marks: swa }),
    lines(metrics, {
      title: "AUC and correlation (validation)",
      x: "epoch",
      marks: [{ y: 0.5, label: "AUC of chance" }, ...swa],
    }),
  ]);
}

function swaMark(
  epochs: readonly EpochCurve[],
  { useSwa = true, swaStart }: { useSwa?: boolean; swaStart?: number },
): Mark[] {
  const begun = swaStart !== undefined && epochs.some(({ epoch }) => epoch >= swaStart);
  return useSwa && begun ? [{ x: swaStart, label: "SWA" }] : [];
}
