import { pearson, withinOne } from "./pairs";

/** Sums from which Pearson's correlation follows: n, x, y, xx, yy, xy. Those of parts add up to those of the whole. */
export const MOMENTS = 6; /** Positions of `values` from smallest to largest. */
export function ascending(values: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({ length: values.length }, (_, index) => index);
  return order.sort((a, b) => values[a]! - values[b]!);
}

/**
 * Ranks from 1 to n; equal values share the mean of the ranks they cover ("mid-ranks", as in scipy.stats.rankdata).
 * @param values [n], finite
 */
export function midRanks(values: ArrayLike<number>): Float64Array {
  return weightedMidRanks(values, ascending(values), new Float64Array(values.length).fill(1));
}

/**
 * Mid-ranks of a list in which value i stands `counts[i]` times, without writing the list out.
 * @param order `ascending(values)`, passed in because resampling changes counts and never the order
 * @returns [n] the rank that every copy of value i has; meaningless where its count is 0
 */
export function weightedMidRanks(
  values: ArrayLike<number>,
  order: Int32Array,
  counts: ArrayLike<number>,
): Float64Array {
  const ranks = new Float64Array(order.length);
  let below = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    const value = values[order[start]!];
    let equal = 0;
    for (; end < order.length && values[order[end]!] === value; end++) equal += counts[order[end]!]!;
    for (let i = start; i < end; i++) ranks[order[i]!] = below + (equal + 1) / 2;
    below += equal;
  }
  return ranks;
}

/**
 * Spearman's rank correlation: Pearson's of the mid-ranks, so that ties count as ties.
 * @returns NaN where it is not defined: fewer than two points, or one side constant
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(midRanks(x), midRanks(y));
}

/** Adds the point (x, y) to the moments at `offset`. Points should be centred near 0 for precision. */
export function addMoments(sums: Float64Array, offset: number, x: number, y: number): void {
  const terms = [1, x, y, x * x, y * y, x * y];
  for (let i = 0; i < MOMENTS; i++) sums[offset + i]! += terms[i]!;
}

/** Pearson's correlation from moments; NaN where it is not defined. */
export function pearsonOfMoments(sums: ArrayLike<number>): number {
  const [n, x, y, xx, yy, xy] = Array.from(sums) as [number, number, number, number, number, number];
  const varianceX = xx - (x * x) / n;
  const varianceY = yy - (y * y) / n;
  // The difference of two like sums is rounding noise below some 1e-14 of them.
  if (!(varianceX > 1e-12 * xx) || !(varianceY > 1e-12 * yy)) return Number.NaN;
  return withinOne((xy - (x * y) / n) / Math.sqrt(varianceX * varianceY));
}
