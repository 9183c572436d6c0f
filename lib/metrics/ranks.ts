/** Positions of `values` from smallest to largest. */
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
