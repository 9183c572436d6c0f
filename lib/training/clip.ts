import * as tf from "@tensorflow/tfjs";

/**
 * Scales gradients down together where their global norm is above a bound: by min(1, maxNorm / (norm + 1e-6)), as
 * torch.nn.utils.clip_grad_norm_ (guide, "Gradient Clipping").
 * @returns the gradients, and their norm before (scalar)
 */
export function clipByGlobalNorm(gradients: tf.Tensor[], maxNorm: number): { clipped: tf.Tensor[]; norm: tf.Scalar } {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares)) as tf.Scalar;
  const factor = tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6)));
  return { clipped: gradients.map((gradient) => tf.mul(gradient, factor)), norm };
}
