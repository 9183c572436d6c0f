import { pearson, withinOne } from "./pairs";
import { midRanks } from "./ranks";

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
