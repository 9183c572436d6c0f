import * as tf from "@tensorflow/tfjs";
import { STATELESS_UNIFORM } from "./kernel-names";

/**
 * Inverted dropout, as torch.nn.Dropout in training: elements are dropped with probability `rate`, the others divided
 * by 1 - rate. The mask is a function of (seed, site) alone, and the same on every engine.
 * @param x any shape
 * @param rate in [0, 1)
 * @param seed int32 scalar that is fed, another one at every step
 * @param site which dropout of the network this is: two with the same site and size drop the same elements
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: tf.Tensor, site: number): T {
  if (rate === 0) return x;
  return tf.tidy(() => {
    const uniform: tf.Tensor = tf.engine().runKernel(STATELESS_UNIFORM, { seed }, { shape: x.shape, site });
    const kept = tf.cast(tf.greaterEqual(uniform, rate), "float32");
    return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
  });
}
