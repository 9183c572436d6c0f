import * as tf from "@tensorflow/tfjs";
import { linear, type Parameters, parameter } from "./layers";

/**
 * Layer normalisation over the last axis, as `torch.nn.LayerNorm`. Its gradient is written out: this needs fewer
 * operations, and keeps only the normalised values and the inverse deviations.
 * @param x [rows, width]
 */
export function layerNorm(parameters: Parameters, name: string, x: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  const scaled = tf.mul(standardise(x, epsilon), parameter(parameters, `${name}.weight`));
  return tf.add(scaled, parameter(parameters, `${name}.bias`));
}

function standardise(x: tf.Tensor2D, epsilon: number): tf.Tensor {
  return tf.customGrad((values, save) => {
    const centred = tf.sub(values as tf.Tensor, tf.mean(values as tf.Tensor, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const normal = tf.mul(centred, inverse);
    (save as tf.GradSaveFunc)([normal, inverse]);
    return { value: normal, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => standardiseGradient(dy, saved) };
  })(x);
}

function standardiseGradient(dy: tf.Tensor, [normal, inverse]: tf.Tensor[]): tf.Tensor {
  const along = tf.mul(normal as tf.Tensor, tf.mean(tf.mul(dy, normal as tf.Tensor), -1, true));
  return tf.mul(inverse as tf.Tensor, tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along));
}

/** GELU by the error function, as `torch.nn.GELU()`. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** GELU approximated by a logistic function, as OpenAI's CLIP has it: x sigmoid(1.702 x). */
export function quickGelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
}

/** Names of the four linear layers of attention. */
export interface AttentionNames {
  query: string;
  key: string;
  value: string;
  output: string;
}

/** How the rows of attention's input are divided into sequences. */
export interface AttentionShape {
  /** Number of sequences of equal length, one after another. */
  batch: number;
  heads: number;
  /** Added to scores before softmax, [batch or 1, heads or 1, tokens or 1, tokens]; large negatives hide a token. */
  bias?: tf.Tensor;
}

/**
 * Multi-head self-attention with its output layer, as `torch.nn.MultiheadAttention` in evaluation mode.
 * @param x [batch * tokens, width]
 * @returns [batch * tokens, width]
 */
export function attention(
  parameters: Parameters,
  names: AttentionNames,
  x: tf.Tensor2D,
  { batch, heads, bias }: AttentionShape,
): tf.Tensor2D {
  const [rows, width] = x.shape;
  const split = (name: string) =>
    tf.transpose(tf.reshape(linear(parameters, name, x), [batch, rows / batch, heads, width / heads]), [0, 2, 1, 3]);
  const queries = tf.mul(split(names.query), (width / heads) ** -0.5);
  const scores = tf.matMul(queries, split(names.key), false, true);
  const shares = tf.softmax(bias === undefined ? scores : tf.add(scores, bias));
  const mixed = tf.transpose(tf.matMul(shares, split(names.value)), [0, 2, 1, 3]);
  return linear(parameters, names.output, tf.reshape(mixed, [rows, width]));
}

/**
 * The two linear layers of a transformer block.
 * @param x [rows, width]
 */
export function feedForward(
  parameters: Parameters,
  names: { inner: string; output: string },
  x: tf.Tensor2D,
  activation: (x: tf.Tensor2D) => tf.Tensor2D,
): tf.Tensor2D {
  return linear(parameters, names.output, activation(linear(parameters, names.inner, x)));
}
