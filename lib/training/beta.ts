import type { Random } from "../random";

/**
 * A draw from Beta(alpha, beta): x / (x + y) of two Gamma draws.
 * Small parameters draw numbers near 0, where doubles underflow, so Gamma draws stay logarithms until the end.
 */
export function drawBeta(source: Random, alpha: number, beta: number): number {
  const difference = drawLogGamma(source, beta) - drawLogGamma(source, alpha);
  return 1 / (1 + Math.exp(difference));
}

/**
 * Logarithm of a draw from Gamma(shape, 1): Marsaglia and Tsang, "A simple method for generating gamma variables"
 * (2000); a shape below 1 is drawn as shape + 1 and multiplied by uniform^(1/shape), as they say in their section 6.
 */
export function drawLogGamma(source: Random, shape: number): number {
  if (shape < 1) return drawLogGamma(source, shape + 1) + Math.log(1 - source.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = source.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - source.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}
