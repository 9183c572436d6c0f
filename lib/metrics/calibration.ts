import { credit, type PairRows } from "./ranking";

/** One bar of a reliability diagram: the pairs whose favourite has a probability within the bin. */
export interface ReliabilityBin {
  /** Bounds of the favourite's probability, in [0.5, 1]. */
  from: number;
  to: number;
  pairs: number;
  /** Mean probability given to the favourite; NaN in an empty bin. */
  predicted: number;
  /** Share of the pairs that the favourite won (a tie of scores counts 1/2); NaN in an empty bin. */
  observed: number;
}

export const BINS = 10;
/** Number of sums that calibration needs: pairs, predicted and observed for each bin; then Brier score and log loss. */
export const CALIBRATION_SUMS = BINS * 3 + 2;

/** How to turn score differences into probabilities. */
export interface Calibration {
  /** p(A beats B) = 1 / (1 + exp(-slope (score A - score B))); 0 if scores say nothing about who wins. */
  slope: number;
  /** Number of pairs it was fitted on. */
  pairs: number;
}

/** Relative precision of a fitted slope. */
const PRECISION = 1e-10;

/**
 * Adds one pair to the sums at `offset`. The order of two videos is arbitrary, so a pair counts from its favourite's
 * side: confidence = max(p, 1 - p) in [0.5, 1], right when the favourite won. Brier: (1 - p)^2 and log loss: -ln p,
 * where p is the probability given to the true winner (both equal their symmetrised two-sided forms).
 */
export function addPair(
  sums: Float64Array,
  offset: number,
  calibration: Calibration,
  winnerScore: number,
  loserScore: number,
): void {
  const p = winProbability(calibration, winnerScore, loserScore);
  const confidence = Math.max(p, 1 - p);
  const bin = Math.min(BINS - 1, Math.floor((confidence - 0.5) * 2 * BINS));
  const add = (at: number, value: number) => {
    sums[offset + at]! += value;
  };
  add(bin * 3, 1);
  add(bin * 3 + 1, confidence);
  add(bin * 3 + 2, credit(p, 0.5));
  add(BINS * 3, (1 - p) ** 2);
  // ln p as -ln(1 + e^-x), which stays finite if p itself rounds to 0.
  add(BINS * 3 + 1, softplus(-calibration.slope * (winnerScore - loserScore)));
}

/** ln(1 + e^x) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Calibration sums over all pairs, [CALIBRATION_SUMS]. */
export function calibrationSums(scores: ArrayLike<number>, pairs: PairRows, calibration: Calibration): Float64Array {
  const sums = new Float64Array(CALIBRATION_SUMS);
  for (let pair = 0; pair < pairs.winners.length; pair++) {
    const winner = scores[pairs.winners[pair]!]!;
    const loser = scores[pairs.losers[pair]!]!;
    addPair(sums, 0, calibration, winner, loser);
  }
  return sums;
}

/** Computes the reliability diagram from the sums. */
export function reliabilityBins(sums: ArrayLike<number>): ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const pairs = sums[bin * 3]!;
    const bounds = { from: 0.5 + (0.5 * bin) / BINS, to: 0.5 + (0.5 * (bin + 1)) / BINS };
    const predicted = sums[bin * 3 + 1]! / pairs;
    const observed = sums[bin * 3 + 2]! / pairs;
    return { ...bounds, pairs, predicted, observed };
  });
}

/**
 * Expected calibration error: mean over pairs of |observed - predicted| of their bin (Guo et al. 2017, equation 3).
 * @returns NaN if there are no pairs
 */
export function expectedCalibrationError(sums: ArrayLike<number>): number {
  let error = 0;
  for (let bin = 0; bin < BINS; bin++) error += Math.abs(sums[bin * 3 + 2]! - sums[bin * 3 + 1]!);
  return error / pairsIn(sums);
}

/**
 * Mean of (1 - p)^2, p the probability given to the true winner; always predicting 1/2 gives 0.25. NaN without pairs.
 */
export function brierScore(sums: ArrayLike<number>): number {
  return sums[BINS * 3]! / pairsIn(sums);
}

/** Mean of -ln p, p the probability given to the true winner; always predicting 1/2 gives ln 2. NaN without pairs. */
export function logLoss(sums: ArrayLike<number>): number {
  return sums[BINS * 3 + 1]! / pairsIn(sums);
}

function pairsIn(sums: ArrayLike<number>): number {
  let pairs = 0;
  for (let bin = 0; bin < BINS; bin++) pairs += sums[bin * 3]!;
  return pairs;
}

/** Fits the calibration on held-out pairs. @param scores of all videos, by row */
export function calibrate({ winners, losers }: PairRows, scores: ArrayLike<number>): Calibration {
  const of = (rows: ArrayLike<number>) => Float32Array.from(rows, (row) => scores[row]!);
  return fitCalibration(of(winners), of(losers));
}

/**
 * Fits the slope of a logistic in the score difference. There is no intercept: swapping a pair must give the opposite
 * probability. It is the maximum-likelihood slope with the first-order bias removed, under Jeffreys' prior: ln L(slope) +
 * 1/2 ln I(slope), I being the information (Firth, "Bias reduction of maximum likelihood estimates", 1993). The prior
 * weighs as much as half a pair, so with hundreds of pairs it cannot be seen; if winners always score higher, where the
 * likelihood grows without end, it keeps the slope finite (Heinze and Schemper, 2002). Scores that
 * rank worse than chance get slope 0, never a reversed ranking.
 * @param winners scores of the winners of held-out pairs, [pairs]
 * @param losers scores of the losers, [pairs]
 * @param weights of the pairs, [pairs]; equal if omitted
 */
export function fitCalibration(winners: Float32Array, losers: Float32Array, weights?: Float32Array): Calibration {
  const differences = Float64Array.from(winners, (score, pair) => score - losers[pair]!);
  const scale = rootMeanSquare(differences);
  const pairs = differences.length;
  if (!(scale > 0)) return { slope: 0, pairs };
  // In units of the typical difference, the search is well scaled whatever the scores' unit.
  const units = differences.map((difference) => difference / scale);
  return { slope: solve(units, weights ?? new Float32Array(pairs).fill(1)) / scale, pairs };
}

/** Probability that the first score's video beats the second's. */
export function winProbability({ slope }: Calibration, first: number, second: number): number {
  return sigmoid(slope * (first - second));
}

/** The slope at which the derivative of the penalised likelihood turns from positive to negative; 0 if it never is. */
function solve(differences: Float64Array, weights: Float32Array): number {
  if (!(derivative(differences, weights, 0) > 0)) return 0;
  let low = 0;
  let high = 1;
  while (derivative(differences, weights, high) > 0) {
    low = high;
    high *= 2;
  }
  while (high - low > PRECISION * high) {
    const middle = (low + high) / 2;
    if (derivative(differences, weights, middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** d/dslope of ln L + 1/2 ln I, where I = sum of w d^2 p (1 - p): Firth's modified score. */
function derivative(differences: Float64Array, weights: Float32Array, slope: number): number {
  let score = 0;
  let information = 0;
  let change = 0;
  for (let pair = 0; pair < differences.length; pair++) {
    const difference = differences[pair]!;
    const lost = sigmoid(-slope * difference);
    const spread = weights[pair]! * difference ** 2 * lost * (1 - lost);
    score += weights[pair]! * difference * lost;
    information += spread;
    change += spread * difference * (2 * lost - 1);
  }
  return information > 0 ? score + change / information / 2 : -1;
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
