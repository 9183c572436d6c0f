import * as tf from "@tensorflow/tfjs";
import type { TrainingOptions } from "../../config";
import type { ModelOutput } from "../../model";
import { marginRankingLoss } from "./margin-ranking";
import { auxiliaryLoss, ctrLoss } from "./squared-errors";

/** What a batch is measured against; rows are the winners, then the losers, in the same order. */
export interface Targets {
  /** Unsmoothed, [2 * batch]. */
  ctr: tf.Tensor1D;
  /** [2 * batch, 6]. */
  auxiliary: tf.Tensor2D;
  /** [batch] */
  pairWeights: tf.Tensor1D;
}

/** What a loss term may depend on. */
export interface LossInput {
  /** Scores of the winners and of the losers, [batch] each. */
  winners: tf.Tensor1D;
  losers: tf.Tensor1D;
  /** Of [2 * batch] rows: winners, then losers. */
  output: ModelOutput;
  targets: Targets;
  options: Pick<TrainingOptions, "marginRanking" | "labelSmoothing">;
}

/** One term of the loss. */
interface LossTerm {
  /** In records, checkpoints and TensorBoard's tags. */
  name: string;
  /** In figures. */
  label: string;
  /** In the sum of all terms. */
  weight: number;
  loss(input: LossInput): tf.Scalar;
}

/**
 * All terms of the loss: what trains, what records, checkpoints and figures hold. Adding a row here is all it takes.
 *
 * The weights are 1:1:1, since the guide names none. Every loss is a mean and starts at a similar size (0.1 for scores
 * that say nothing, about 0.1 for squared errors of percentiles), and AdamW scales the steps of each head's own weights
 * anyway, so that the ratio matters for the projection alone.
 */
export const LOSSES = [
  {
    name: "pair",
    label: "pair",
    weight: 1,
    loss: ({ winners, losers, targets, options }) =>
      marginRankingLoss(winners, losers, targets.pairWeights, options.marginRanking),
  },
  {
    name: "ctr",
    label: "CTR",
    weight: 1,
    loss: ({ output, targets, options }) => ctrLoss(output.ctr, targets.ctr, options.labelSmoothing),
  },
  {
    name: "auxiliary",
    label: "auxiliary",
    weight: 1,
    loss: ({ output, targets }) => auxiliaryLoss(output.auxiliary, targets.auxiliary),
  },
] as const satisfies readonly LossTerm[];

export type LossName = (typeof LOSSES)[number]["name"];

/** A value for each term, made from its row. */
export function forEachLoss<Value>(make: (name: LossName, index: number) => Value): Record<LossName, Value> {
  return Object.fromEntries(LOSSES.map(({ name }, index) => [name, make(name, index)])) as Record<LossName, Value>;
}

/**
 * The terms of one batch, not yet summed: the pairwise one over pairs, the others over both rows of each pair.
 * @param output of [2 * batch] rows: winners, then losers
 * @returns [terms], in the order of `LOSSES`
 */
export function computeLosses(output: ModelOutput, targets: Targets, options: LossInput["options"]): tf.Tensor1D {
  const batch = targets.pairWeights.shape[0];
  const winners = tf.slice1d(output.scores, 0, batch);
  const losers = tf.slice1d(output.scores, batch, batch);
  return tf.stack(LOSSES.map(({ loss }) => loss({ winners, losers, output, targets, options }))) as tf.Tensor1D;
}

/** Sum of the terms by their weights: what the gradients are of. */
export function totalLoss(losses: Record<LossName, number>): number {
  return LOSSES.reduce((sum, { name, weight }) => sum + weight * losses[name], 0);
}
