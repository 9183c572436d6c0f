import type { PairRows } from "./pairs";

/** How score differences turn into probabilities. */
export interface Calibration {
  /** p(A beats B) = 1 / (1 + exp(-slope (score A - score B))); 0 where scores say nothing about who wins. */
  slope: number;
  /** Pairs it was fitted on. */
  pairs: number;
}

const MAX_STEPS = 100;

/** Fits the calibration on held-out pairs. @param scores of all videos, by row */
export function calibrate({ winners, losers }: PairRows, scores: ArrayLike<number>): Calibration {
  const of = (rows: ArrayLike<number>) => Float32Array.from(rows, (row) => scores[row]!);
  return fitCalibration(of(winners), of(losers));
}

/**
 * Fits the slope of a logistic in the score difference by Newton's method. There is no intercept: swapping a pair must
 * give the opposite probability. One pair each way at the typical difference is added, so that winners that always
 * score higher leave the slope finite (as Platt, "Probabilistic outputs for support vector machines", 1999, smooths
 * his targets). Scores that rank worse than chance get slope 0, never a reversed ranking.
 * @param winners scores of the winners of held-out pairs, [pairs]
 * @param losers scores of the losers, [pairs]
 * @param weights of the pairs, [pairs]; equal where left out
 */
export function fitCalibration(winners: Float32Array, losers: Float32Array, weights?: Float32Array): Calibration {
  const differences = Float64Array.from(winners, (score, pair) => score - losers[pair]!);
  const scale = rootMeanSquare(differences);
  const pairs = differences.length;
  if (!(scale > 0)) return { slope: 0, pairs };
  // In units of the typical difference Newton's first step is well scaled whatever the scores' unit.
  const units = [...differences.map((difference) => difference / scale), 1, -1];
  const weighs = [...(weights ?? new Float32Array(pairs).fill(1)), 1, 1];
  return { slope: Math.max(0, newton(units, weighs)) / scale, pairs };
}

/** Probability that the first beats the second. */
export function winProbability({ slope }: Calibration, first: number, second: number): number {
  return sigmoid(slope * (first - second));
}

/** Maximises the weighted log-likelihood, which is concave, halving steps that would lower it. */
function newton(differences: number[], weights: number[]): number {
  let slope = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, curvature } = derivatives(differences, weights, slope);
    let change = gradient / curvature;
    const before = logLikelihood(differences, weights, slope);
    while (Math.abs(change) > 1e-12 && logLikelihood(differences, weights, slope + change) < before) change /= 2;
    slope += change;
    if (Math.abs(change) <= 1e-10 * Math.max(1, Math.abs(slope))) break;
  }
  return slope;
}

function derivatives(differences: number[], weights: number[], slope: number): { gradient: number; curvature: number } {
  let gradient = 0;
  let curvature = 0;
  differences.forEach((difference, pair) => {
    const lost = sigmoid(-slope * difference);
    const weight = weights[pair]!;
    gradient += weight * difference * lost;
    curvature += weight * difference * difference * lost * (1 - lost);
  });
  return { gradient, curvature };
}

function logLikelihood(differences: number[], weights: number[], slope: number): number {
  return differences.reduce((sum, difference, pair) => sum - weights[pair]! * softplus(-slope * difference), 0);
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
