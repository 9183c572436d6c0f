import { dot } from "../../base";
import { softplus } from "../../metrics";
import type { Pairs } from "../groups";

/** A function to minimise, with what Newton's method asks of it. */
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

/**
 * L2-regularised logistic regression without intercept on differences of pairs:
 * f(w) = mean over pairs of ln(1 + exp(-w . (x_winner - x_loser))) + strength / 2 * |w|^2.
 * No intercept, because which of the two stands first is arbitrary. A pass costs videos x width, not pairs x width:
 * w . x is taken once for each video, and residuals are gathered by video before they meet the features.
 * @param strength > 0, which makes f strictly convex: one minimum, also where the pairs are separable
 */
export function pairwiseLogistic(columns: Columns, pairs: Pairs, strength: number): Objective {
  const rows = Int32Array.from(new Set([...pairs.winners, ...pairs.losers])).sort();
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

/** w . x of each of `rows`, in an array by row of the data. */
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

/** Residuals of pairs gathered by row: added for the winner, taken from the loser. */
function byVideo(residuals: Float64Array, { winners, losers }: Pairs, { features, stride }: Columns): Float64Array {
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

function differences(scores: Float64Array, { winners, losers }: Pairs): Float64Array {
  return Float64Array.from(winners, (winner, pair) => scores[winner]! - scores[losers[pair]!]!);
}

function meanLoss(margins: Float64Array): number {
  return margins.reduce((sum, margin) => sum + softplus(-margin), 0) / margins.length;
}

/** Derivative of the sigmoid, from the sigmoid's value. */
function spread(q: number): number {
  return q * (1 - q);
}
