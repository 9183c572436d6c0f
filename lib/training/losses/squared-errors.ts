import * as tf from "@tensorflow/tfjs";

/**
 * Mean squared error over all elements, as torch.nn.MSELoss.
 * @param predicted any shape
 * @param targets the same shape
 * @returns scalar
 */
export function meanSquaredError(predicted: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  return tf.mean(tf.square(tf.sub(predicted, targets)));
}

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

/**
 * Moves targets towards 1/2: t (1 - smoothing) + smoothing / 2. Guide, "Label Smoothing": at 0.15, 0 becomes 0.075 and
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
