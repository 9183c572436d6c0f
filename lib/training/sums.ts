import type { EpochRecord, StepRecord, ValidationMetrics } from "./records";
import type { EpochSums } from "./state";
import type { StepValues } from "./step-calls";

export const NO_SUMS: EpochSums = { pair: 0, ctr: 0, auxiliary: 0, gradNorm: 0, pairs: 0, steps: 0, milliseconds: 0 };

/** Adds one step, weighed by its pairs. */
export function addStep(sums: EpochSums, values: StepValues, pairs: number, milliseconds: number): EpochSums {
  return {
    pair: sums.pair + pairs * values.pair,
    ctr: sums.ctr + pairs * values.ctr,
    auxiliary: sums.auxiliary + pairs * values.auxiliary,
    gradNorm: sums.gradNorm + pairs * values.gradNorm,
    pairs: sums.pairs + pairs,
    steps: sums.steps + 1,
    milliseconds: sums.milliseconds + milliseconds,
  };
}

/** What an epoch's record says of its steps. */
export function meansOf(
  sums: EpochSums,
): Omit<EpochRecord, keyof ValidationMetrics | "kind" | "epoch" | "trainAuc" | "learningRate" | "swaCount"> {
  const { pairs, steps, milliseconds } = sums;
  const [pair, ctr, auxiliary, gradNorm] = [sums.pair, sums.ctr, sums.auxiliary, sums.gradNorm].map(
    (sum) => sum / pairs,
  ) as [number, number, number, number];
  return {
    ...{ pair, ctr, auxiliary, total: pair + ctr + auxiliary, gradNorm, steps, pairs },
    msPerStep: milliseconds / steps,
    pairsPerSecond: milliseconds > 0 ? (1000 * pairs) / milliseconds : 0,
  };
}

/** What is yielded of a training. */
export type TrainingEvent = StepRecord | EpochRecord;
