import { chooseEpochs, type EpochRecord, type FoldResult, meanOfFolds } from "../runs";
import { counted, decimal } from "./format";
import type { Check, Symptoms } from "./issues";

/** A fall of the validation AUC by more than this counts as trained too long. */
export const TOO_LONG_FALL = 0.02;

/** The validation AUC was highest in the first half of the run, and the trained model is clearly below that. */
export function trainedTooLong({ history, report, folds }: Symptoms): Check {
  const foldsText = folds === undefined ? "" : `; ${describeFolds(folds)}`;
  const aucs = history.flatMap(({ epoch, valAuc }) => (valAuc === null ? [] : [{ epoch, valAuc }]));
  const best = highest(aucs);
  const end = report?.folds.validation.pairwiseAuc ?? meanOf(aucs.slice(-3));
  if (best === null || Number.isNaN(end))
    return { looked: `validation AUC by epoch: not known${foldsText}`, finding: null };
  const shown = `validation AUC was highest around epoch ${best.epoch} (${decimal(best.valAuc)}) and ends at ${decimal(end)}`;
  const looked = `${shown} (too long if the highest is in the first half and the fall is above ${TOO_LONG_FALL})${foldsText}`;
  const isEarly = best.epoch < history.length / 2;
  if (!isEarly || best.valAuc - end <= TOO_LONG_FALL) return { looked, finding: null };
  const advice = [
    "let cross-validation choose the number of epochs: `train --folds 5`",
    `or train for fewer epochs: about ${best.epoch + 1} (\`--epochs ${best.epoch + 1}\`) in place of ${history.length}`,
    "validation channels are few: take the epoch as a hint",
  ];
  const evidence = `${shown}, after ${counted(history.length, "epoch")}${foldsText}`;
  return { looked, finding: { issue: "trainedTooLong", title: "Trained too long", evidence, advice } };
}

/** Such as "5 folds chose 7 epochs (mean AUC 0.541); best after 4, 9, 7, 3, 12 epochs on their own". */
function describeFolds(folds: readonly FoldResult[]): string {
  const epochs = chooseEpochs(folds);
  const own = folds.map(({ valAuc }) => valAuc.indexOf(Math.max(...valAuc)) + 1);
  const auc = decimal(meanOfFolds(folds)[epochs - 1] ?? Number.NaN);
  return `${folds.length} folds chose ${counted(epochs, "epoch")} (mean AUC ${auc}); on their own they were best after ${own.join(", ")}`;
}

type Point = Pick<EpochRecord, "epoch"> & { valAuc: number };

/** The epoch with the highest mean over itself and its neighbours, since a single epoch may be high by chance. */
function highest(points: readonly Point[]): Point | null {
  const smooth = points.map(({ epoch }, index) => ({
    epoch,
    valAuc: meanOf(points.slice(Math.max(0, index - 1), index + 2)),
  }));
  return smooth.reduce<Point | null>(
    (best, point) => (best === null || point.valAuc > best.valAuc ? point : best),
    null,
  );
}

function meanOf(points: readonly Point[]): number {
  return points.reduce((sum, { valAuc }) => sum + valAuc, 0) / points.length;
}
