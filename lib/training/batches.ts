import * as tf from "@tensorflow/tfjs";
import { hashSeed, permutation, type Random, random } from "../base";
import type { TrainingOptions } from "../config";
import type { PairSet } from "../features";

/** BatchNorm needs more than one pair; a smaller rest of an epoch is left out. */
const MIN_PAIRS = 2;

/** The inputs of one training step. */
export interface Batch {
  /** Number of pairs. */
  size: number;
  /** Rows of the features: winners, then losers; [2 * size]. */
  rows: Int32Array;
  /** Position in `rows` that each position is mixed with: winners with winners, losers with losers; [2 * size]. */
  partners: Int32Array;
  /** Weights of the mixed pairs, [size]. */
  pairWeights: Float32Array;
  /** Share that each row keeps of itself in mixup. */
  lambda: number;
  dropoutSeed: number;
}

/** How one batch is mixed: pair i with pair `partners[i]`, keeping the share `lambda` of itself. */
export interface Mixing {
  lambda: number;
  /** [batch], a permutation of it */
  partners: Int32Array;
}

/** Sizes of the batches of an epoch: full ones, then the remaining pairs; only a single remaining pair is left out. */
export function batchSizes(pairs: number, batchSize: number): number[] {
  const full = Array.from({ length: Math.floor(pairs / batchSize) }, () => batchSize);
  return [...full, pairs % batchSize].filter((size) => size >= MIN_PAIRS);
}

/** Order in which an epoch visits the pairs; it differs between epochs, but not between runs of one seed. */
export function epochOrder(pairs: number, seed: number, epoch: number): Int32Array {
  return permutation(pairs, random(seed, "order", epoch));
}

/**
 * Rows of some pairs: their winners, then their losers.
 * @param pairs their indices in the set, [size]
 * @returns [2 * size]
 */
export function stackedRows({ winners, losers }: PairSet, pairs: Int32Array): Int32Array {
  const rows = new Int32Array(2 * pairs.length);
  pairs.forEach((pair, place) => {
    rows[place] = winners[pair]!;
    rows[pairs.length + place] = losers[pair]!;
  });
  return rows;
}

/**
 * Makes one batch; it depends only on the seed and the step.
 * @param pairs their indices in the set
 */
export function makeBatch(
  set: PairSet,
  pairs: Int32Array,
  options: Pick<TrainingOptions, "mixupAlpha" | "seed">,
  globalStep: number,
): Batch {
  const { lambda, partners } = drawMixing(options.mixupAlpha, pairs.length, options.seed, globalStep);
  const weights = Float32Array.from(pairs, (pair) => set.weights[pair]!);
  return {
    size: pairs.length,
    rows: stackedRows(set, pairs),
    partners: Int32Array.from([...partners, ...partners.map((partner) => partner + pairs.length)]),
    pairWeights: weights.map((weight, place) => mixed(lambda, weight, weights[partners[place]!]!)),
    lambda,
    dropoutSeed: hashSeed(options.seed, "dropout", globalStep) | 0,
  };
}

function mixed(lambda: number, own: number, partner: number): number {
  return lambda * own + (1 - lambda) * partner;
}

/**
 * Draws the mixing of one step (guide, "Mixup Augmentation"): one lambda ~ Beta(alpha, alpha) per batch, as in Zhang et
 * al., "mixup" (2018). It depends only on the seed and the step, so that a resumed run draws the same.
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
 * @param partners row indices, int32 [rows]
 * @param lambda scalar
 */
export function mix<T extends tf.Tensor>(x: T, partners: tf.Tensor1D, lambda: tf.Scalar): T {
  const partner = tf.gather(x, partners);
  return tf.add(partner, tf.mul(lambda, tf.sub(x, partner)));
}

/**
 * Draws from Beta(alpha, beta): x / (x + y) of two Gamma draws.
 * Small parameters give numbers near 0, where doubles underflow, so Gamma draws stay logarithms until the end.
 */
export function drawBeta(source: Random, alpha: number, beta: number): number {
  const difference = drawLogGamma(source, beta) - drawLogGamma(source, alpha);
  return 1 / (1 + Math.exp(difference));
}

/**
 * Logarithm of a draw from Gamma(shape, 1): Marsaglia and Tsang, "A simple method for generating gamma variables"
 * (2000); a shape below 1 is drawn as shape + 1 and multiplied by uniform^(1/shape), following their section 6.
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
