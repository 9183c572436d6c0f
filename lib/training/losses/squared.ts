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
