import * as tf from "@tensorflow/tfjs";
import { meanSquaredError } from "./squared";

/**
 * Targets drawn towards 1/2: t (1 - smoothing) + smoothing / 2. Guide, "Label Smoothing": at 0.15, 0 becomes 0.075 and
 * 1 becomes 0.925.
 * @param targets 0-1, any shape
 */
export function smoothLabels<T extends tf.Tensor>(targets: T, smoothing: number): T {
  return tf.add(tf.mul(targets, 1 - smoothing), 0.5 * smoothing);
}

/**
 * Loss of the CTR head: mean squared error against smoothed targets. Guide, "Absolute CTR Head".
 * @param predicted 0-1, [rows]
 * @param targets unsmoothed, 0-1, [rows]
 * @returns scalar
 */
export function ctrLoss(predicted: tf.Tensor1D, targets: tf.Tensor1D, smoothing: number): tf.Scalar {
  return meanSquaredError(predicted, smoothLabels(targets, smoothing));
}
