import { pairwiseAuc } from "../../metrics";
import type { Pairs } from "../groups";
import { minimise } from "./newton";
import { type Columns, linear, pairwiseLogistic } from "./problem";

/** Strengths tried, strongest first; each fit starts where the one before ended. */
export const STRENGTHS = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5];

/** Norm of the gradient at which a fit is done; that of w = 0 lies near 0.1 for L2-normalised embeddings. */
const TOLERANCE = 1e-6;

/** A fitted logistic regression on pair differences. */
export interface LogisticFit {
  /** Score of every video, w . x, by row of the data. */
  scores: Float64Array;
  w: Float64Array;
  strength: number;
  /** AUC on the validation pairs, by which the strength was chosen; NaN where there are none. */
  validationAuc: number;
  converged: boolean;
}

/**
 * Fits on training pairs with every strength and keeps the one with the best AUC on validation pairs; of equals, and
 * where there are no validation pairs, the strongest.
 * @returns null where there are no training pairs
 */
export function fitLogistic(columns: Columns, train: Pairs, validation: Pairs): LogisticFit | null {
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
