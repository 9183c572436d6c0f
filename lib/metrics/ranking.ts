/** How well scores agree with outcomes. Training monitors these metrics, and evaluation reports them. */

/** Rows of the two videos of each pair; `winners[k]` did better than `losers[k]`. */
export interface PairRows {
  winners: ArrayLike<number>;
  losers: ArrayLike<number>;
}

/** Number of sums that give Pearson's correlation: n, x, y, xx, yy, xy. Sums of parts add up to those of the whole. */
export const MOMENTS = 6;

/** Credit for a pair: 1 if the winner scores higher, 1/2 on a tie, 0 if the loser does; NaN if a score is NaN. */
export function credit(winnerScore: number, loserScore: number): number {
  if (winnerScore > loserScore) return 1;
  if (winnerScore < loserScore) return 0;
  return winnerScore === loserScore ? 0.5 : Number.NaN;
}

/**
 * Share of pairs whose winner gets the higher score; equal scores count 1/2. 0.5 is chance, 1 is perfect. It is known
 * as pairwise AUC, since the area under a ROC curve is such a share too, over all pairs of two classes.
 * @param scores by row
 * @param weights [pairs], 1 each if omitted
 * @returns NaN if there is no pair (or no weight)
 */
export function pairwiseAuc(scores: ArrayLike<number>, pairs: PairRows, weights?: ArrayLike<number>): number {
  let right = 0;
  let total = 0;
  for (let pair = 0; pair < pairs.winners.length; pair++) {
    const weight = weights === undefined ? 1 : weights[pair]!;
    right += weight * credit(scores[pairs.winners[pair]!]!, scores[pairs.losers[pair]!]!);
    total += weight;
  }
  return right / total;
}

/**
 * Pearson's correlation, in [-1, 1].
 * @param x [n]
 * @param y [n]
 * @param counts [n] how often each point occurs; once if omitted
 * @returns NaN if it is not defined: fewer than two points, or one side constant
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>, counts?: ArrayLike<number>): number {
  const meanX = mean(x, counts);
  const meanY = mean(y, counts);
  let n = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    const count = counts === undefined ? 1 : counts[i]!;
    n += count;
    xx += count * dx * dx;
    yy += count * dy * dy;
    xy += count * dx * dy;
  }
  // On a constant side only squared rounding errors remain, about 1e-32 of the raw sum of squares.
  if (!(xx > 1e-28 * n * meanX * meanX) || !(yy > 1e-28 * n * meanY * meanY)) return Number.NaN;
  return withinOne(xy / Math.sqrt(xx * yy));
}

/** Mean of `values`, each counted `counts[i]` times; NaN if there are none. */
export function mean(values: ArrayLike<number>, counts?: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const count = counts === undefined ? 1 : counts[i]!;
    sum += count * values[i]!;
    total += count;
  }
  return sum / total;
}

/** Clamps a correlation to [-1, 1], which rounding may exceed. */
export function withinOne(correlation: number): number {
  return Math.max(-1, Math.min(1, correlation));
}

/** Indices that sort `values` from smallest to largest. */
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
 * Mid-ranks of a list in which value i occurs `counts[i]` times, without building the list.
 * @param order `ascending(values)`, passed in because resampling changes the counts but never the order
 * @returns [n] the rank of every copy of value i; meaningless if its count is 0
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
 * @returns NaN if it is not defined: fewer than two points, or one side constant
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(midRanks(x), midRanks(y));
}

/** Adds the point (x, y) to the moments at `offset`. For precision, points should be centred near 0. */
export function addMoments(sums: Float64Array, offset: number, x: number, y: number): void {
  const terms = [1, x, y, x * x, y * y, x * y];
  for (let i = 0; i < MOMENTS; i++) sums[offset + i]! += terms[i]!;
}

/** Pearson's correlation from moments; NaN if it is not defined. */
export function pearsonOfMoments(sums: ArrayLike<number>): number {
  const [n, x, y, xx, yy, xy] = Array.from(sums) as [number, number, number, number, number, number];
  const varianceX = xx - (x * x) / n;
  const varianceY = yy - (y * y) / n;
  // The difference of two nearly equal sums is rounding noise below about 1e-14 of their size.
  if (!(varianceX > 1e-12 * xx) || !(varianceY > 1e-12 * yy)) return Number.NaN;
  return withinOne((xy - (x * y) / n) / Math.sqrt(varianceX * varianceY));
}

/** Quantile of sorted values, linear between neighbours (type 7 of Hyndman and Fan). @param sorted [n] @param share 0-1 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
