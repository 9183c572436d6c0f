import * as tf from "@tensorflow/tfjs";

/**
 * Margin ranking loss of winners against losers: mean over pairs of weight * max(0, margin - (winner - loser)). Guide,
 * "Pairwise Ranking Head"; with all weights 1 it equals torch.nn.MarginRankingLoss with target 1.
 * @param winners scores, [batch]
 * @param losers scores, [batch]
 * @param weights of the pairs, [batch]; their mean over the training pairs is 1, so that the loss keeps its scale
 * @returns scalar
 */
export function marginRankingLoss(
  winners: tf.Tensor1D,
  losers: tf.Tensor1D,
  weights: tf.Tensor1D,
  margin: number,
): tf.Scalar {
  return tf.mean(tf.mul(weights, tf.relu(tf.sub(margin, tf.sub(winners, losers)))));
}
