import * as metrics from "../metrics";

/**
 * Share of pairs whose winner scores higher; a tie counts 1/2.
 * @param scores of all rows
 * @param winners row numbers, losers at the same places
 * @returns 0-1; null without pairs
 */
export function pairwiseAuc(scores: Float32Array, winners: Int32Array, losers: Int32Array): number | null {
  return defined(metrics.pairwiseAuc(scores, { winners, losers }));
}

/**
 * Pearson's correlation of two equally long series.
 * @returns -1 to 1; null where one of them does not vary
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  return defined(metrics.pearson(a, b));
}

/** Records are JSON, which knows no NaN. */
function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
