import type * as tf from "@tensorflow/tfjs";
import { meanSquaredError } from "./squared";

/**
 * Loss of the sub-scores: mean squared error over rows and heads. Guide, "Auxiliary Heads"; the mean over heads equals
 * the mean of the six heads' own losses.
 * @param predicted 0-1, [rows, 6]
 * @param targets 0-1, [rows, 6]
 * @returns scalar
 */
export function auxiliaryLoss(predicted: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return meanSquaredError(predicted, targets);
}
