import type { ModelOptions, TrainingOptions } from "../config";
import type { Weights } from "../model";
import type { EngineFacts } from "./engine-facts";
import type { EpochRecord, EpochSums } from "./records";

/** Everything of a training state that is not a tensor: plain JSON, which round-trips exactly. */
export interface TrainingProgress {
  /** Epochs done; also the number of the epoch in progress, since epochs are numbered from 0. */
  epoch: number;
  /** Steps done of that epoch. */
  step: number;
  /** Steps done since the start of training: t of AdamW. */
  globalStep: number;
  /** Fixes, with epoch and step, every random choice to come. */
  seed: number;
  /** SHA-256 of the order of the pairs in the epoch in progress. */
  orderHash: string;
  /** `TrainingData.dataHash`. */
  dataHash: string;
  config: { model: ModelOptions; training: TrainingOptions };
  /** What computed it; older checkpoints do not say. */
  engine?: EngineFacts | undefined;
  /** Epochs averaged so far. */
  swaCount: number;
  sums: EpochSums;
  history: EpochRecord[];
}

/** All that a run needs to go on at a step boundary as if it had never stopped. */
export interface TrainingState {
  tensors: {
    /** All weights, BatchNorm statistics included. */
    weights: Weights;
    /** First and second moments of AdamW, of the trainable weights. */
    adamM: Weights;
    adamV: Weights;
    /** Averages of the trainable weights; empty while `swaCount` is 0. */
    swa: Weights;
  };
  progress: TrainingProgress;
}
