import { midRanks } from "./ranks";

/**
 * Pearson's correlation, in [-1, 1].
 * @param x [n]
 * @param y [n]
 * @param counts [n] how often each point stands in the list; once where left out
 * @returns NaN where it is not defined: fewer than two points, or one side constant
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>, counts?: ArrayLike<number>): number {
  const [meanX, meanY] = [mean(x, counts), mean(y, counts)];
  let [n, xx, yy, xy] = [0, 0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    const [dx, dy] = [(x[at] as number) - meanX, (y[at] as number) - meanY];
    const count = counts === undefined ? 1 : (counts[at] as number);
    n += count;
    xx += count * dx * dx;
    yy += count * dy * dy;
    xy += count * dx * dy;
  }
  // Equal numbers leave squares of their rounding errors, some 1e-32 of the raw sum of squares.
  if (!(xx > 1e-28 * n * meanX * meanX) || !(yy > 1e-28 * n * meanY * meanY)) return Number.NaN;
  return withinOne(xy / Math.sqrt(xx * yy));
}

/**
 * Spearman's rank correlation: Pearson's of the mid-ranks, so that ties count as ties.
 * @returns NaN where it is not defined: fewer than two points, or one side constant
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(midRanks(x), midRanks(y));
}

/** Sums from which Pearson's correlation follows: n, x, y, xx, yy, xy. Those of parts add up to those of the whole. */
export const MOMENTS = 6;

/** Adds the point (x, y) to the moments at `offset`. Points should be centred near 0 for precision. */
export function addMoments(sums: Float64Array, offset: number, x: number, y: number): void {
  const terms = [1, x, y, x * x, y * y, x * y];
  for (let at = 0; at < MOMENTS; at++) sums[offset + at] = (sums[offset + at] as number) + (terms[at] as number);
}

/** Pearson's correlation from moments; NaN where it is not defined. */
export function pearsonOfMoments(sums: ArrayLike<number>): number {
  const [n, x, y, xx, yy, xy] = Array.from(sums) as [number, number, number, number, number, number];
  const [varianceX, varianceY] = [xx - (x * x) / n, yy - (y * y) / n];
  // The difference of two like sums is rounding noise below some 1e-14 of them.
  if (!(varianceX > 1e-12 * xx) || !(varianceY > 1e-12 * yy)) return Number.NaN;
  return withinOne((xy - (x * y) / n) / Math.sqrt(varianceX * varianceY));
}

/** Mean of `values`, each standing `counts[i]` times; NaN of none. */
export function mean(values: ArrayLike<number>, counts?: ArrayLike<number>): number {
  let [sum, total] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const count = counts === undefined ? 1 : (counts[at] as number);
    sum += count * (values[at] as number);
    total += count;
  }
  return sum / total;
}

function withinOne(correlation: number): number {
  return Math.max(-1, Math.min(1, correlation));
}
