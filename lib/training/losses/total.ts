import * as tf from "@tensorflow/tfjs";
import type { ModelOutput } from "../../model";
import { auxiliaryLoss } from "./auxiliary";
import { ctrLoss } from "./ctr";
import { marginRankingLoss } from "./margin-ranking";

/**
 * Weights of the pairwise, CTR and auxiliary losses in their sum, 1:1:1. The guide names none. Every loss is a mean
 * and starts at a similar size (0.1 for scores that say nothing, about 0.1 for squared errors of percentiles), and
 * AdamW scales the steps of each head's own weights anyway, so that the ratio matters for the projection alone.
 */
export const LOSS_WEIGHTS = [1, 1, 1];

/** What a batch is measured against; rows are the winners, then the losers, in the same order. */
export interface Targets {
  /** Unsmoothed, [2 * batch]. */
  ctr: tf.Tensor1D;
  /** [2 * batch, 6]. */
  auxiliary: tf.Tensor2D;
  /** [batch] */
  pairWeights: tf.Tensor1D;
}

/**
 * The three losses of one batch, not yet summed: the pairwise one over pairs, the others over both of a pair's rows.
 * @param output of [2 * batch] rows: winners, then losers
 * @returns [3]: pairwise, CTR, auxiliary
 */
export function lossesOf(
  output: ModelOutput,
  targets: Targets,
  options: { marginRanking: number; labelSmoothing: number },
): tf.Tensor1D {
  const batch = targets.pairWeights.shape[0];
  const winners = tf.slice1d(output.scores, 0, batch);
  const losers = tf.slice1d(output.scores, batch, batch);
  return tf.stack([
    marginRankingLoss(winners, losers, targets.pairWeights, options.marginRanking),
    ctrLoss(output.ctr, targets.ctr, options.labelSmoothing),
    auxiliaryLoss(output.auxiliary, targets.auxiliary),
  ]) as tf.Tensor1D;
}
