import * as tf from "@tensorflow/tfjs";
import { permutation, random } from "../random";
import { drawBeta } from "./beta";

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
