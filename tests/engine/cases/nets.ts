import * as tf from "@tensorflow/tfjs";
import { type Case, of, one } from "./case";

export const nets: Case[] = [
  one("batchNorm", [of(5, 4), of(4), of(4), of(4)], (x, mean, offset, scale) =>
    tf.batchNorm(
      x as tf.Tensor,
      mean as tf.Tensor1D,
      tf.add(tf.square(mean as tf.Tensor), 0.5) as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      1e-3,
    ),
  ),
  one("einsum", [of(3, 4), of(4, 5)], (a, b) => tf.einsum("ij,jk->ki", a as tf.Tensor, b as tf.Tensor), {
    gradient: false,
  }),
  one("sigmoidCrossEntropy", [of(4, 1), of(4, 1)], (y, x) =>
    tf.losses.sigmoidCrossEntropy(tf.sigmoid(y as tf.Tensor), x as tf.Tensor),
  ),
  one("softmaxCrossEntropy", [of(4, 3), of(4, 3)], (y, x) =>
    tf.losses.softmaxCrossEntropy(tf.softmax(y as tf.Tensor), x as tf.Tensor),
  ),
  one("dense", [of(3, 4), of(5, 4), of(5)], (x, w, b) =>
    tf.relu(tf.add(tf.matMul(x as tf.Tensor, w as tf.Tensor, false, true), b as tf.Tensor)),
  ),
  one("global norm clipping", [of(3, 4), of(5)], (a, b) => {
    const norm = tf.sqrt(tf.add(tf.sum(tf.square(a as tf.Tensor)), tf.sum(tf.square(b as tf.Tensor))));
    const factor = tf.minimum(1, tf.div(1, tf.add(norm, 1e-6)));
    return [tf.mul(a as tf.Tensor, factor), tf.mul(b as tf.Tensor, factor)];
  }),
];
