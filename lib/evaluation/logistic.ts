import { addScaled, dot } from "../base";
import { type PairRows, pairwiseAuc, softplus } from "../metrics";

/** Strengths tried, strongest first; each fit starts where the previous one ended. */
export const STRENGTHS = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5];

/** Norm of the gradient at which a fit is done; at w = 0 it is near 0.1 for L2-normalised embeddings. */
const TOLERANCE = 1e-6;

/** A fitted logistic regression on pair differences. */
export interface LogisticFit {
  /** Score of every video, w . x, by row of the data. */
  scores: Float64Array;
  w: Float64Array;
  strength: number;
  /** AUC on the validation pairs, by which the strength was chosen; NaN if there are none. */
  validationAuc: number;
  converged: boolean;
}

/** A function to minimise, with the derivatives that Newton's method needs. */
export interface Objective {
  dimensions: number;
  /** Value at w. */
  value(w: Float64Array): number;
  /** Gradient at w, and the Hessian at w as a product with any vector. */
  slopes(w: Float64Array): { gradient: Float64Array; curvature: (direction: Float64Array) => Float64Array };
}

/** Some columns of a row-major matrix: `features[row * stride + from + column]`, column < width. */
export interface Columns {
  features: Float32Array;
  stride: number;
  from: number;
  width: number;
}

/** The point where a minimisation ended. */
export interface Minimum {
  w: Float64Array;
  /** Number of steps of Newton's method. */
  steps: number;
  /** Norm of the gradient at w. */
  gradientNorm: number;
  /** Whether the gradient norm is at most the tolerance. */
  converged: boolean;
}

/**
 * Logistic regression on differences of embeddings, the simplest model that the ranker must beat. Fits on training
 * pairs with every strength and keeps the one with the best AUC on validation pairs; on a tie, and if there are no
 * validation pairs, the strongest.
 * @returns null if there are no training pairs
 */
export function fitLogistic(columns: Columns, train: PairRows, validation: PairRows): LogisticFit | null {
  if (train.winners.length === 0 || columns.width === 0) return null;
  const rows = Int32Array.from({ length: columns.features.length / columns.stride }, (_, row) => row);
  let best: LogisticFit | null = null;
  let w = new Float64Array(columns.width);
  for (const strength of STRENGTHS) {
    const minimum = minimise(pairwiseLogistic(columns, train, strength), w, TOLERANCE);
    w = new Float64Array(minimum.w);
    const scores = linear(columns, rows, w);
    const validationAuc = pairwiseAuc(scores, validation);
    if (best !== null && !(validationAuc > best.validationAuc)) continue;
    best = { scores, w, strength, validationAuc, converged: minimum.converged };
  }
  return best;
}

/**
 * L2-regularised logistic regression without intercept on differences of pairs:
 * f(w) = mean over pairs of ln(1 + exp(-w . (x_winner - x_loser))) + strength / 2 * |w|^2.
 * No intercept, because the order within a pair is arbitrary. A pass costs videos x width, not pairs x width: w . x is
 * computed once for each video, and residuals are summed by video before they are multiplied with the features.
 * @param strength > 0, which makes f strictly convex: it has one minimum, even if the pairs are separable
 */
export function pairwiseLogistic(columns: Columns, pairs: PairRows, strength: number): Objective {
  const rows = Int32Array.from(new Set([...Array.from(pairs.winners), ...Array.from(pairs.losers)])).sort();
  const margins = (w: Float64Array) => differences(linear(columns, rows, w), pairs);
  return {
    dimensions: columns.width,
    value: (w) => meanLoss(margins(w)) + (strength / 2) * dot(w, w),
    slopes: (w) => {
      const lossOn = margins(w).map((margin) => 1 / (1 + Math.exp(margin)));
      const back = (residuals: Float64Array, v: Float64Array) =>
        transposed(columns, rows, byVideo(residuals, pairs, columns), v, strength);
      return {
        gradient: back(
          lossOn.map((q) => -q / lossOn.length),
          w,
        ),
        curvature: (v) =>
          back(
            margins(v).map((margin, pair) => (margin * spread(lossOn[pair]!)) / lossOn.length),
            v,
          ),
      };
    },
  };
}

/** w . x for each of `rows`, in an array indexed by row of the data. */
export function linear({ features, stride, from, width }: Columns, rows: Int32Array, w: Float64Array): Float64Array {
  const products = new Float64Array(features.length / stride);
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i]! * stride + from;
    let product = 0;
    for (let column = 0; column < width; column++) product += w[column]! * features[start + column]!;
    products[rows[i]!] = product;
  }
  return products;
}

/** Sum over rows of residual x features, plus strength x v. */
function transposed(
  { features, stride, from, width }: Columns,
  rows: Int32Array,
  residuals: Float64Array,
  v: Float64Array,
  strength: number,
): Float64Array {
  const sums = v.map((value) => strength * value);
  for (let i = 0; i < rows.length; i++) {
    const residual = residuals[rows[i]!]!;
    const start = rows[i]! * stride + from;
    for (let column = 0; column < width; column++) {
      sums[column]! += residual * features[start + column]!;
    }
  }
  return sums;
}

/** Residuals of pairs summed by row: added for the winner, subtracted for the loser. */
function byVideo(residuals: Float64Array, { winners, losers }: PairRows, { features, stride }: Columns): Float64Array {
  const sums = new Float64Array(features.length / stride);
  for (let pair = 0; pair < residuals.length; pair++) {
    const winner = winners[pair]!;
    const loser = losers[pair]!;
    const residual = residuals[pair]!;
    sums[winner]! += residual;
    sums[loser]! -= residual;
  }
  return sums;
}

function differences(scores: Float64Array, { winners, losers }: PairRows): Float64Array {
  return Float64Array.from(winners, (winner, pair) => scores[winner]! - scores[losers[pair]!]!);
}

function meanLoss(margins: Float64Array): number {
  return margins.reduce((sum, margin) => sum + softplus(-margin), 0) / margins.length;
}

/** Derivative of the sigmoid, from the sigmoid's value. */
function spread(q: number): number {
  return q * (1 - q);
}

/**
 * Line-search Newton-CG (Nocedal and Wright, "Numerical Optimization", algorithm 7.1) for a strictly convex function:
 * each step solves Hessian x direction = -gradient by conjugate gradients, only as exactly as is worthwhile, then
 * halves the step until the function decreases enough. Never forms the Hessian.
 * @param tolerance norm of the gradient at which to stop
 */
export function minimise(objective: Objective, start: Float64Array, tolerance: number, maxSteps = 100): Minimum {
  let w = start;
  for (let steps = 0; ; steps++) {
    const { gradient, curvature } = objective.slopes(w);
    const gradientNorm = norm(gradient);
    const converged = gradientNorm <= tolerance;
    if (converged || steps === maxSteps) return { w, steps, gradientNorm, converged };
    // Forcing term min(0.5, sqrt |g|): superlinear near the minimum, cheap far from it.
    const direction = conjugateGradients(curvature, gradient, Math.min(0.5, Math.sqrt(gradientNorm)) * gradientNorm);
    const next = descend(objective, w, direction, dot(gradient, direction));
    if (next === null) return { w, steps, gradientNorm, converged };
    w = next;
  }
}

/** Approximate solution d of H d = -gradient: residual norm at most `tolerance`. */
function conjugateGradients(
  curvature: (v: Float64Array) => Float64Array,
  gradient: Float64Array,
  tolerance: number,
): Float64Array {
  const solution = new Float64Array(gradient.length);
  const residual = gradient.slice();
  const direction = gradient.map((value) => -value);
  let squared = dot(residual, residual);
  for (let step = 0; step < gradient.length && Math.sqrt(squared) > tolerance; step++) {
    const bent = curvature(direction);
    const length = squared / dot(direction, bent);
    addScaled(solution, length, direction);
    addScaled(residual, length, bent);
    const before = squared;
    squared = dot(residual, residual);
    for (let i = 0; i < direction.length; i++) {
      direction[i] = (squared / before) * direction[i]! - residual[i]!;
    }
  }
  return solution;
}

/**
 * Halves the step until f decreases by 1e-4 of what the slope predicts (Armijo); null if rounding leaves no such step.
 */
function descend(objective: Objective, w: Float64Array, direction: Float64Array, slope: number): Float64Array | null {
  const value = objective.value(w);
  for (let length = 1; length > 1e-10; length /= 2) {
    const next = w.slice();
    addScaled(next, length, direction);
    if (objective.value(next) <= value + 1e-4 * length * slope) return next;
  }
  return null;
}

function norm(v: Float64Array): number {
  return Math.sqrt(dot(v, v));
}
