import * as tf from "@tensorflow/tfjs";
import { permutation, type Random, random } from "../base";

/** How one batch is mixed: pair i with pair `partners[i]`, keeping the share `lambda` of itself. */
export interface Mixing {
  lambda: number;
  /** [batch], a permutation of it */
  partners: Int32Array;
}

/**
 * Draws the mixing of one step (guide, "Mixup Augmentation"): one lambda ~ Beta(alpha, alpha) a batch, as in
 * Zhang et al., "mixup" (2018). It depends on the seed and the step alone, so that a resumed run draws the same.
 * @param alpha 0 mixes nothing
 */
export function drawMixing(alpha: number, batch: number, seed: number, globalStep: number): Mixing {
  const source = random(seed, "mixup", globalStep);
  const lambda = alpha > 0 ? drawBeta(source, alpha, alpha) : 1;
  return { lambda, partners: permutation(batch, source) };
}

/**
 * lambda * x + (1 - lambda) * x[partners].
 * @param x [rows, ...]
 * @param partners row numbers, int32 [rows]
 * @param lambda scalar
 */
export function mix<T extends tf.Tensor>(x: T, partners: tf.Tensor1D, lambda: tf.Scalar): T {
  const partner = tf.gather(x, partners);
  return tf.add(partner, tf.mul(lambda, tf.sub(x, partner)));
}

/**
 * A draw from Beta(alpha, beta): x / (x + y) of two Gamma draws.
 * Small parameters draw numbers near 0, where doubles underflow, so Gamma draws stay logarithms until the end.
 */
export function drawBeta(source: Random, alpha: number, beta: number): number {
  const difference = drawLogGamma(source, beta) - drawLogGamma(source, alpha);
  return 1 / (1 + Math.exp(difference));
}

/**
 * Logarithm of a draw from Gamma(shape, 1): Marsaglia and Tsang, "A simple method for generating gamma variables"
 * (2000); a shape below 1 is drawn as shape + 1 and multiplied by uniform^(1/shape), as they say in their section 6.
 */
export function drawLogGamma(source: Random, shape: number): number {
  if (shape < 1) return drawLogGamma(source, shape + 1) + Math.log(1 - source.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = source.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - source.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}
