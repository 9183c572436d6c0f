/** A straight line through points, by least squares. */
export interface Line {
  slope: number;
  /** Standard error of the slope. */
  error: number;
}

/**
 * The line through means of equal blocks of consecutive points: neighbours of a series are alike, and taken one by one
 * they would make the error look smaller than it is.
 * @param x ascending
 * @param blocks at least 3
 * @throws RangeError for fewer points than blocks
 */
export function lineThrough(x: readonly number[], y: readonly number[], blocks = 20): Line {
  if (blocks < 3 || x.length < blocks)
    throw new RangeError(`${x.length} points make no ${blocks} blocks, of 3 or more`);
  const xs = meansOf(x, blocks);
  const ys = meansOf(y, blocks);
  const centreX = mean(xs);
  const centreY = mean(ys);
  const spread = sum(xs.map((value) => (value - centreX) ** 2));
  const slope = sum(xs.map((value, at) => (value - centreX) * ((ys[at] as number) - centreY))) / spread;
  const residuals = xs.map((value, at) => (ys[at] as number) - centreY - slope * (value - centreX));
  return { slope, error: Math.sqrt(sum(residuals.map((value) => value ** 2)) / (blocks - 2) / spread) };
}

function meansOf(values: readonly number[], blocks: number): number[] {
  return Array.from({ length: blocks }, (_, block) => {
    const bound = (place: number) => Math.floor((place * values.length) / blocks);
    return mean(values.slice(bound(block), bound(block + 1)));
  });
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
