/** How well scores agree with outcomes: shared by training, which watches it, and evaluation, which reports it. */

/** Rows of the two videos of each pair; `winners[k]` did better than `losers[k]`. */
export interface PairRows {
  winners: ArrayLike<number>;
  losers: ArrayLike<number>;
}

/** What a pair counts: 1 where the winner scores higher, 1/2 on a tie, 0 where the loser does; NaN of NaN. */
export function credit(winnerScore: number, loserScore: number): number {
  if (winnerScore > loserScore) return 1;
  if (winnerScore < loserScore) return 0;
  return winnerScore === loserScore ? 0.5 : Number.NaN;
}

/**
 * Share of pairs whose winner gets the higher score; equal scores count 1/2. 0.5 is chance, 1 is perfect.
 * The field calls it pairwise AUC: the area under a ROC curve is such a share too, over all pairs of two classes.
 * @param scores by row
 * @param weights [pairs], 1 each where left out
 * @returns NaN where there is no pair (or no weight)
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
 * @param counts [n] how often each point stands in the list; once where left out
 * @returns NaN where it is not defined: fewer than two points, or one side constant
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
  // Equal numbers leave squares of their rounding errors, some 1e-32 of the raw sum of squares.
  if (!(xx > 1e-28 * n * meanX * meanX) || !(yy > 1e-28 * n * meanY * meanY)) return Number.NaN;
  return withinOne(xy / Math.sqrt(xx * yy));
}

/** Mean of `values`, each standing `counts[i]` times; NaN of none. */
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

/** Takes off what rounding added beyond -1 and 1. */
export function withinOne(correlation: number): number {
  return Math.max(-1, Math.min(1, correlation));
}
