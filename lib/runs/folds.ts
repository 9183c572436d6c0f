import { z } from "zod";
import { at } from "../base";
import type { TrainingData } from "../features";
import type { EpochRecord } from "../training";

/** The schema of `FoldResult`. */
export const FoldResult = z.strictObject({
  channels: z.number().int().positive(),
  /** Pairs of these channels, on which the fold was validated. */
  pairs: z.number().int().positive(),
  /** By epoch: mean over the fold's channels of their own pairwise AUC. */
  valAuc: z.array(z.number()).min(1),
});
/** How one fold of a cross-validation did. */
export type FoldResult = z.infer<typeof FoldResult>;

export function toFoldResult({ pairs }: TrainingData, channels: number, history: readonly EpochRecord[]): FoldResult {
  const valAuc = history.map(({ valAucByChannel }) => valAucByChannel ?? Number.NaN);
  return { channels, pairs: pairs.validation.winners.length, valAuc };
}

/** Validation AUC by epoch over all folds, each channel counting the same. */
export function meanOfFolds(folds: readonly FoldResult[]): number[] {
  const channels = folds.reduce((sum, fold) => sum + fold.channels, 0);
  const epochs = Math.min(...folds.map(({ valAuc }) => valAuc.length));
  return Array.from({ length: epochs }, (_, epoch) =>
    folds.reduce((sum, fold) => sum + (fold.channels / channels) * at(fold.valAuc, epoch), 0),
  );
}

/**
 * The number of epochs that did best: the highest mean over channels and over an epoch and its neighbours, since single
 * epochs differ by chance; the fewest epochs on a tie.
 */
export function chooseEpochs(folds: readonly FoldResult[]): number {
  const smooth = smoothed(meanOfFolds(folds));
  return smooth.indexOf(Math.max(...smooth)) + 1;
}

/** Means over each value and its neighbours; the first and last have one neighbour. */
function smoothed(values: readonly number[]): number[] {
  return values.map((_, index) => {
    const near = values.slice(Math.max(0, index - 1), index + 2);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}
