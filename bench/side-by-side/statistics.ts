/** Middle of some numbers; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("there is no median of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const lower = sorted.length % 2 === 1 ? upper : upper - 1;
  return ((sorted[lower] as number) + (sorted[upper] as number)) / 2;
}

export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** Median of some numbers with the smallest and the largest of them. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/**
 * Milliseconds of a step, as the median over blocks of the mean within a block: one interrupted step does not count,
 * and work that a trainer puts off from one step to another does.
 * @param milliseconds of each step, in order
 * @param blockSteps steps of a block; a shorter rest is left out unless it is all there is
 */
export function medianOfBlocks(milliseconds: readonly number[], blockSteps = 10): number {
  const whole = Math.floor(milliseconds.length / blockSteps);
  if (whole === 0) return mean(milliseconds);
  const blocks = Array.from({ length: whole }, (_, block) =>
    mean(milliseconds.slice(block * blockSteps, (block + 1) * blockSteps)),
  );
  return median(blocks);
}

/** Mean of some numbers. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("there is no mean of nothing");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
