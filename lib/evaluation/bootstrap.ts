import type { Random } from "../base";
import { quantile } from "../metrics";

/** A figure with its 95 % interval. NaN stands for "not defined" (no pairs, a constant score, too few groups). */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/**
 * A figure of the data in which group g occurs `counts[g]` times. Groups are drawn whole because videos of one channel
 * resemble each other: drawing single pairs would make intervals far too narrow.
 */
export type Statistic = (counts: Int32Array) => number;

/** With fewer groups than this there is no interval. */
const FEWEST_GROUPS = 2;

/**
 * Counts how often each group occurs in each resample: `resamples` draws of `groups` groups with replacement.
 * One set of draws serves all figures of a split, which makes differences between them paired.
 */
export function drawGroups(groups: number, resamples: number, source: Random): Int32Array[] {
  return Array.from({ length: resamples }, () => {
    const counts = new Int32Array(groups);
    for (let draw = 0; draw < groups; draw++) {
      const group = source.integer(groups);
      counts[group]! += 1;
    }
    return counts;
  });
}

/**
 * Percentile bootstrap (Efron and Tibshirani, chapter 13): the 2.5th and 97.5th percentile over the draws.
 * Draws in which the figure is not defined are left out; if they are more than half of all draws there is no interval.
 * @param groups number of groups; with fewer than two there is no interval
 */
export function bootstrap(statistic: Statistic, groups: number, draws: Int32Array[]): Estimate {
  const value = statistic(new Int32Array(groups).fill(1));
  const none = { value, low: Number.NaN, high: Number.NaN };
  if (groups < FEWEST_GROUPS || Number.isNaN(value)) return none;
  const drawn = Float64Array.from(draws, statistic)
    .filter((figure) => !Number.isNaN(figure))
    .sort();
  if (drawn.length * 2 < draws.length || drawn.length === 0) return none;
  return { value, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

/**
 * A statistic that depends on the groups only through sums: a resample costs groups x width instead of a pass over
 * pairs.
 * @param sums [groups, width] row-major
 * @param finish computes the figure from the total sums, [width]
 */
export function bootstrapSums(sums: Float64Array, width: number, finish: (total: Float64Array) => number): Statistic {
  return (counts) => {
    const total = new Float64Array(width);
    for (let group = 0; group < counts.length; group++) {
      const count = counts[group]!;
      if (count === 0) continue;
      for (let i = 0; i < width; i++) total[i]! += count * sums[group * width + i]!;
    }
    return finish(total);
  };
}
