import { at, hashSeed, permutation, random } from "../base";
import type { TrainingOptions } from "../config";
import type { PairSet } from "../features";
import { drawMixing } from "./mixup";

/** BatchNorm needs more than one pair; a smaller rest of an epoch is left out. */
const MIN_PAIRS = 2;

/** What one training step is fed. */
export interface Batch {
  /** Pairs in it. */
  size: number;
  /** Rows of the features: winners, then losers; [2 * size]. */
  rows: Int32Array;
  /** Place in `rows` that each place is mixed with: winners with winners, losers with losers; [2 * size]. */
  partners: Int32Array;
  /** Weights of the mixed pairs, [size]. */
  pairWeights: Float32Array;
  /** Share that each keeps of itself in mixup. */
  lambda: number;
  dropoutSeed: number;
}

/**
 * Sizes of the batches of an epoch: full ones, then the rest of the pairs, so that none is lost; only a rest of a
 * single pair is left out.
 */
export function batchSizes(pairs: number, batchSize: number): number[] {
  const full = Array.from({ length: Math.floor(pairs / batchSize) }, () => batchSize);
  return [...full, pairs % batchSize].filter((size) => size >= MIN_PAIRS);
}

/** Order in which an epoch takes the pairs; epochs differ, runs of one seed do not. */
export function epochOrder(pairs: number, seed: number, epoch: number): Int32Array {
  return permutation(pairs, random(seed, "order", epoch));
}

/**
 * Rows of some pairs: their winners, then their losers.
 * @param pairs their numbers in the set, [size]
 * @returns [2 * size]
 */
export function stackedRows({ winners, losers }: PairSet, pairs: Int32Array): Int32Array {
  const rows = new Int32Array(2 * pairs.length);
  pairs.forEach((pair, place) => {
    rows[place] = at(winners, pair);
    rows[pairs.length + place] = at(losers, pair);
  });
  return rows;
}

/**
 * One batch, a function of the seed and the step alone.
 * @param pairs their numbers in the set
 */
export function makeBatch(
  set: PairSet,
  pairs: Int32Array,
  options: Pick<TrainingOptions, "mixupAlpha" | "seed">,
  globalStep: number,
): Batch {
  const { lambda, partners } = drawMixing(options.mixupAlpha, pairs.length, options.seed, globalStep);
  const weights = Float32Array.from(pairs, (pair) => at(set.weights, pair));
  return {
    size: pairs.length,
    rows: stackedRows(set, pairs),
    partners: Int32Array.from([...partners, ...partners.map((partner) => partner + pairs.length)]),
    pairWeights: weights.map((weight, place) => mixed(lambda, weight, at(weights, at(partners, place)))),
    lambda,
    dropoutSeed: hashSeed(options.seed, "dropout", globalStep) | 0,
  };
}

function mixed(lambda: number, own: number, partner: number): number {
  return lambda * own + (1 - lambda) * partner;
}
