import { mean } from "../side-by-side/statistics";

/** How many standard errors a difference must have to be none of chance. */
const SURE = 3;

/** First and last losses of a training, and whether they fell by more than chance. */
export interface Fall {
  first: number;
  last: number;
  /** Standard error of their difference. */
  error: number;
  falls: boolean;
}

/**
 * Compares the first steps with the last.
 * @param losses of all steps in order
 * @param steps how many at each end, at most half of them
 */
export function fallOf(losses: readonly number[], steps = Math.min(1000, Math.floor(losses.length / 2))): Fall {
  const start = losses.slice(0, steps);
  const end = losses.slice(-steps);
  const first = mean(start);
  const last = mean(end);
  const error = Math.sqrt((variance(start) + variance(end)) / steps);
  return { first, last, error, falls: first - last > SURE * error };
}

/** Standard errors by which a pairwise AUC of so many independent pairs is above chance. */
export function aboveChance(auc: number | null, pairs: number): { errors: number; isAbove: boolean } {
  const errors = auc === null ? 0 : (auc - 0.5) / (0.5 / Math.sqrt(pairs));
  return { errors, isAbove: errors > SURE };
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}
