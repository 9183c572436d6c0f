import { forEachLoss, type LossName, type LossWeights, totalLoss } from "./losses";

/** Means of the loss terms over some pairs, and their weighted sum. */
export type Losses = Record<LossName, number> & { total: number };

/** How well predictions agree with the validation fold; null if the fold is too small. */
export interface ValidationMetrics {
  /** Pairwise AUC on validation pairs; ties of scores count 1/2. */
  valAuc: number | null;
  /** Pearson correlation of the CTR head with the CTR target on validation videos. */
  valCorr: number | null;
}

/** Losses of one step, and the global norm of its gradients before clipping. */
export interface StepValues extends Losses {
  gradNorm: number;
}

/** One finished step; yielded at a step boundary, where a checkpoint may be taken. */
export interface StepRecord extends StepValues {
  kind: "step";
  epoch: number;
  /** Within the epoch, from 0. */
  step: number;
  stepsPerEpoch: number;
  /** Steps done since the start of training, including this one. */
  globalStep: number;
  learningRate: number;
}

/** One finished epoch. Losses and gradient norm are means over its pairs. */
export interface EpochRecord extends StepValues, ValidationMetrics {
  kind: "epoch";
  /** From 0. */
  epoch: number;
  /** Mean over the validation channels of their own pairwise AUC: each channel counts the same. */
  valAucByChannel: number | null;
  /** Pairwise AUC on a fixed sample of training pairs, in evaluation mode. */
  trainAuc: number | null;
  learningRate: number;
  steps: number;
  pairs: number;
  /** Epochs averaged by SWA so far, including this one. */
  swaCount: number;
  msPerStep: number;
  pairsPerSecond: number;
}

/** The events that a training yields. */
export type TrainingEvent = StepRecord | EpochRecord;

/** The result of a training: metrics of the last weights, and of the averaged ones if SWA was in use. */
export interface TrainingResult {
  plain: ValidationMetrics;
  swa: ValidationMetrics | null;
}

/** Sums over the steps of the epoch in progress, each step weighted by its pairs, so that means survive a resume. */
export type EpochSums = Record<LossName, number> & {
  gradNorm: number;
  pairs: number;
  steps: number;
  milliseconds: number;
};

export const NO_SUMS: EpochSums = { ...forEachLoss(() => 0), gradNorm: 0, pairs: 0, steps: 0, milliseconds: 0 };

/** Names of a record's numbers. */
type Figure = Exclude<keyof EpochRecord, "kind">;

/** Adds one step, weighted by its pairs. */
export function addStep(sums: EpochSums, values: StepValues, pairs: number, milliseconds: number): EpochSums {
  return {
    ...forEachLoss((name) => sums[name] + pairs * values[name]),
    gradNorm: sums.gradNorm + pairs * values.gradNorm,
    pairs: sums.pairs + pairs,
    steps: sums.steps + 1,
    milliseconds: sums.milliseconds + milliseconds,
  };
}

/** Computes the means of an epoch's steps for its record. */
export function computeMeans(
  sums: EpochSums,
  options: LossWeights,
): StepValues & Pick<EpochRecord, "steps" | "pairs" | "msPerStep" | "pairsPerSecond"> {
  const { pairs, steps, milliseconds } = sums;
  const losses = forEachLoss((name) => sums[name] / pairs);
  return {
    ...losses,
    total: totalLoss(losses, options),
    gradNorm: sums.gradNorm / pairs,
    steps,
    pairs,
    msPerStep: milliseconds / steps,
    pairsPerSecond: milliseconds > 0 ? (1000 * pairs) / milliseconds : 0,
  };
}

/**
 * Some figures of a training as series over its epochs, for plots; epochs without a value are left out.
 * @returns a series by figure: `x` epochs, `y` values
 */
export function byEpoch(
  history: readonly EpochRecord[],
  figures: readonly Figure[],
): Record<string, { x: number[]; y: number[] }> {
  const series = figures.map((figure) => {
    const known = history.flatMap((record) => {
      const value = record[figure];
      return value === null ? [] : [[record.epoch, value] as const];
    });
    return [figure, { x: known.map(([epoch]) => epoch), y: known.map(([, value]) => value) }] as const;
  });
  return Object.fromEntries(series);
}
