import * as tf from "@tensorflow/tfjs";
import { STATELESS_UNIFORM } from "./kernel-names";

/**
 * Inverted dropout, as torch.nn.Dropout in training: elements are dropped with probability `rate`, the others divided
 * by 1 - rate. The mask depends only on (seed, site), and is the same on every engine.
 * @param x any shape
 * @param rate in [0, 1)
 * @param seed int32 scalar that is fed, a different one at every step
 * @param sites which dropout of the network this is: two with the same site and size drop the same elements. Several
 *   sites share the last axis of x equally, each with the mask that it would have alone
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: tf.Tensor, ...sites: number[]): T {
  if (rate === 0) return x;
  return tf.tidy(() => {
    const shape = [...x.shape.slice(0, -1), (x.shape.at(-1) as number) / sites.length];
    const draws = sites.map((site) => tf.engine().runKernel<tf.Tensor>(STATELESS_UNIFORM, { seed }, { shape, site }));
    const uniform = tf.concat(draws, -1);
    const kept = tf.cast(tf.greaterEqual(uniform, rate), "float32");
    return tf.mul(x, tf.mul(kept, 1 / (1 - rate)));
  });
}
