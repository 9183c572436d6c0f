import type * as tf from "@tensorflow/tfjs";
import { dropout } from "../engine";

/** How a forward pass runs: by running statistics and without dropout, or as in training. */
export type Mode = { training: false } | TrainingMode;

export interface TrainingMode {
  training: true;
  /** int32 scalar that is fed; another value gives other dropout masks. */
  seed: tf.Scalar;
  /** Multiplies every dropout rate; 0 turns dropout off. */
  dropoutScale: number;
  /** Share of this batch in BatchNorm's running statistics; PyTorch's default where left out. */
  momentum?: tf.Scalar;
}

export const EVALUATION: Mode = { training: false };

/**
 * Dropout of one place of the model; nothing in evaluation mode.
 * @param x [rows, width]
 * @param rate the guide's, before `dropoutScale`
 * @param sites number of the place, so that no two share a mask; of several places side by side, one each
 */
export function dropoutAt(x: tf.Tensor2D, mode: Mode, rate: number, ...sites: number[]): tf.Tensor2D {
  const scaled = mode.training ? rate * mode.dropoutScale : 0;
  return mode.training && scaled > 0 ? (dropout(x, scaled, mode.seed, ...sites) as tf.Tensor2D) : x;
}
