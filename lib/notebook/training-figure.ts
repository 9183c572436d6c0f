import type { EpochRecord } from "../training";
import type { Figure } from "./figure";
import { lines } from "./lines";
import { subplots } from "./subplots";

/** What the figure takes of an epoch. */
export type EpochCurve = Pick<EpochRecord, "epoch" | "pair" | "ctr" | "auxiliary" | "valAuc" | "valCorr" | "trainAuc">;

/** Losses on the left, AUC and correlation on the right, by epoch. */
export function trainingFigure(epochs: readonly EpochCurve[]): Figure {
  const x = epochs.map(({ epoch }) => epoch);
  const line = (of: (epoch: EpochCurve) => number | null) => ({ x, y: epochs.map(of) });
  const losses = {
    "pair loss": line(({ pair }) => pair),
    "CTR loss": line(({ ctr }) => ctr),
    "auxiliary loss": line(({ auxiliary }) => auxiliary),
  };
  const metrics = {
    "validation AUC": line(({ valAuc }) => valAuc),
    "training AUC": line(({ trainAuc }) => trainAuc),
    "validation correlation": line(({ valCorr }) => valCorr),
  };
  return subplots([
    lines(losses, { title: "Losses", x: "epoch" }),
    lines(metrics, { title: "AUC and correlation", x: "epoch" }),
  ]);
}
