import * as tf from "@tensorflow/tfjs";
import type { TrainingOptions } from "../../config";
import type { ModelOutput } from "../../model";
import { marginRankingLoss } from "./margin-ranking";
import { auxiliaryLoss, ctrLoss } from "./squared-errors";

/** The targets of a batch; rows are the winners, then the losers, in the same order. */
export interface Targets {
  /** Unsmoothed, [2 * batch]. */
  ctr: tf.Tensor1D;
  /** [2 * batch, 6]. */
  auxiliary: tf.Tensor2D;
  /** [batch] */
  pairWeights: tf.Tensor1D;
}

/** Everything that a loss term may depend on. */
export interface LossInput {
  /** Scores of the winners and of the losers, [batch] each. */
  winners: tf.Tensor1D;
  losers: tf.Tensor1D;
  /** For [2 * batch] rows: winners, then losers. */
  output: ModelOutput;
  targets: Targets;
  options: Pick<TrainingOptions, "marginRanking" | "labelSmoothing">;
}

/** The settings that weights of terms may depend on. */
export type LossWeights = Pick<TrainingOptions, "pairLossWeight" | "ctrLossWeight" | "auxiliaryLossWeight">;

/** One term of the loss. */
interface LossTerm {
  /** Used in records, checkpoints and TensorBoard's tags. */
  name: string;
  /** Used in figures. */
  label: string;
  /** Weight in the sum of all terms. */
  weight(options: LossWeights): number;
  loss(input: LossInput): tf.Scalar;
}

/**
 * All terms of the loss, as used by training, records, checkpoints and figures. To add one, add a row here.
 *
 * The weights are 1:1:1 by default, since the guide names none. Every loss is a mean and starts at a similar size (0.1
 * for uninformative scores, about 0.1 for squared errors of percentiles), and AdamW scales the steps of each head's own
 * weights anyway, so that the ratio only matters for the projection.
 */
export const LOSSES = [
  {
    name: "pair",
    label: "pair",
    weight: ({ pairLossWeight }) => pairLossWeight,
    loss: ({ winners, losers, targets, options }) =>
      marginRankingLoss(winners, losers, targets.pairWeights, options.marginRanking),
  },
  {
    name: "ctr",
    label: "CTR",
    weight: ({ ctrLossWeight }) => ctrLossWeight,
    loss: ({ output, targets, options }) => ctrLoss(output.ctr, targets.ctr, options.labelSmoothing),
  },
  {
    name: "auxiliary",
    label: "auxiliary",
    weight: ({ auxiliaryLossWeight }) => auxiliaryLossWeight,
    loss: ({ output, targets }) => auxiliaryLoss(output.auxiliary, targets.auxiliary),
  },
] as const satisfies readonly LossTerm[];

export type LossName = (typeof LOSSES)[number]["name"];

/** Makes a value for each term from its row. */
export function forEachLoss<Value>(make: (name: LossName, index: number) => Value): Record<LossName, Value> {
  return Object.fromEntries(LOSSES.map(({ name }, index) => [name, make(name, index)])) as Record<LossName, Value>;
}

/**
 * The terms of one batch, not yet summed: the pairwise term over pairs, the others over both rows of each pair.
 * @param output for [2 * batch] rows: winners, then losers
 * @returns [terms], in the order of `LOSSES`
 */
export function computeLosses(output: ModelOutput, targets: Targets, options: LossInput["options"]): tf.Tensor1D {
  const batch = targets.pairWeights.shape[0];
  const winners = tf.slice1d(output.scores, 0, batch);
  const losers = tf.slice1d(output.scores, batch, batch);
  return tf.stack(LOSSES.map(({ loss }) => loss({ winners, losers, output, targets, options }))) as tf.Tensor1D;
}

/** The weight of each term, in the order of `LOSSES`. */
export function lossWeights(options: LossWeights): number[] {
  return LOSSES.map(({ weight }) => weight(options));
}

/** Weighted sum of the terms, of which the gradients are taken. */
export function totalLoss(losses: Record<LossName, number>, options: LossWeights): number {
  return LOSSES.reduce((sum, { name, weight }) => sum + weight(options) * losses[name], 0);
}
