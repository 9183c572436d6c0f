import * as tf from "@tensorflow/tfjs";
import { type Case, integers, of, one } from "./case";

const BATCH = 2;
const TOKENS = 5;
const HEADS = 2;
const WIDTH = 8;

function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), gamma), beta);
}

const gelu = (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));
const geluByTanh = (x: tf.Tensor) =>
  tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI))), 1));
const quickGelu = (x: tf.Tensor) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));

/** [batch, tokens, width] to [batch, heads, tokens, width of a head]. */
const split = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [BATCH, TOKENS, HEADS, WIDTH / HEADS]), [0, 2, 1, 3]);

function attention(x: tf.Tensor, q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const rows = tf.reshape(x, [BATCH * TOKENS, WIDTH]);
  const [queries, keys, values] = [q, k, v].map((w) => split(tf.matMul(rows, w))) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const weights = tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), (WIDTH / HEADS) ** -0.5));
  return tf.reshape(tf.transpose(tf.matMul(weights, values), [0, 2, 1, 3]), x.shape);
}

/** One block of CLIP's vision transformer on patches of a picture. */
const block: Case["run"] = (picture, filter, gamma, beta, q, k, v, up, down) => {
  const patches = tf.conv2d(picture as tf.Tensor4D, filter as tf.Tensor4D, [4, 4], "valid");
  const tokens = tf.pad(tf.reshape(patches, [BATCH, TOKENS - 1, WIDTH]) as tf.Tensor3D, [
    [0, 0],
    [1, 0],
    [0, 0],
  ]);
  const norm = (x: tf.Tensor) => layerNorm(x, gamma as tf.Tensor, beta as tf.Tensor);
  const attended = tf.add(tokens, attention(norm(tokens), q as tf.Tensor, k as tf.Tensor, v as tf.Tensor));
  const rows = tf.reshape(norm(attended), [BATCH * TOKENS, WIDTH]);
  const widened = quickGelu(tf.matMul(rows, up as tf.Tensor));
  const result = tf.add(attended, tf.reshape(tf.matMul(widened, down as tf.Tensor), tokens.shape));
  const pooled = tf.squeeze(tf.slice(result as tf.Tensor3D, [0, 0, 0], [-1, 1, -1]), [1]);
  return tf.div(pooled, tf.norm(pooled, 2, -1, true));
};

/**
 * Everything that fine-tuning asks of operations, in one: tokens by index and their places by a running sum, attention,
 * the strongest tokens of each feature, and those of a class.
 */
const tuned: Case["run"] = (picture, filter, classToken, places, q, k, v, indices) => {
  const patches = tf.conv2d(picture as tf.Tensor4D, filter as tf.Tensor4D, [4, 4], "valid");
  const rows = tf.reshape(patches, [BATCH, TOKENS - 1, WIDTH]) as tf.Tensor3D;
  const head = tf.tile(tf.reshape(classToken as tf.Tensor, [1, 1, WIDTH]), [BATCH, 1, 1]) as tf.Tensor3D;
  const positions = tf.sub(tf.cumsum(tf.onesLike(indices as tf.Tensor), 1), 1);
  const embedded = tf.add(tf.concat([head, rows], 1), tf.gather(places as tf.Tensor, tf.cast(positions, "int32")));
  const running = tf.cumsum(embedded, 1, true, true);
  const x = layerNorm(tf.add(embedded, tf.mul(running, 0.1)), tf.ones([WIDTH]), tf.zeros([WIDTH]));
  const attended = attention(x, q as tf.Tensor, k as tf.Tensor, v as tf.Tensor);
  const widened = tf.add(geluByTanh(attended), gelu(attended));
  const strongest = tf.topk(tf.slice(tf.transpose(widened, [0, 2, 1]), [0, 0, 1], [-1, -1, TOKENS - 1]), 2).values;
  const chosen = tf.mul(tf.oneHot(tf.cast(indices as tf.Tensor, "int32"), WIDTH), widened);
  const padded = tf.pad(tf.mean(strongest, -1) as tf.Tensor2D, [
    [0, 0],
    [0, 2],
  ]);
  return [tf.logSoftmax(padded), tf.sum(chosen, 1)];
};

/** What a vision transformer is made of. */
export const transformer: Case[] = [
  one("gelu", [of(3, 4)], (x) => gelu(x as tf.Tensor)),
  one("gelu by tanh", [of(3, 4)], (x) => geluByTanh(x as tf.Tensor)),
  one("quick gelu", [of(3, 4)], (x) => quickGelu(x as tf.Tensor)),
  one("layer normalisation", [of(2, 3, 6), of(6), of(6)], (x, gamma, beta) =>
    layerNorm(x as tf.Tensor, gamma as tf.Tensor, beta as tf.Tensor),
  ),
  one("embedding of tokens", [of(7, 4), integers(2, 3)], (table, i) => tf.gather(table as tf.Tensor, i as tf.Tensor)),
  one("attention", [of(BATCH, TOKENS, WIDTH), of(WIDTH, WIDTH), of(WIDTH, WIDTH), of(WIDTH, WIDTH)], (x, q, k, v) =>
    attention(x as tf.Tensor, q as tf.Tensor, k as tf.Tensor, v as tf.Tensor),
  ),
  one(
    "a block of a vision transformer",
    [
      of(BATCH, 8, 8, 3),
      of(4, 4, 3, WIDTH),
      of(WIDTH),
      of(WIDTH),
      ...Array.from({ length: 3 }, () => of(WIDTH, WIDTH)),
      of(WIDTH, 16),
      of(16, WIDTH),
    ],
    block,
    { range: [-0.5, 0.5] },
  ),
  one(
    "what fine-tuning a vision transformer asks of operations",
    [
      of(BATCH, 8, 8, 3),
      of(4, 4, 3, WIDTH),
      of(WIDTH),
      of(TOKENS, WIDTH),
      ...Array.from({ length: 3 }, () => of(WIDTH, WIDTH)),
      integers(BATCH, TOKENS),
    ],
    tuned,
    { range: [-0.5, 0.5], below: WIDTH },
  ),
];
