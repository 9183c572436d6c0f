import { z } from "zod";
import type { TrainingOptions } from "../config";
import type { Engine } from "../engine";
import type { TrainingData } from "../features";
import type { ThumbnailRankingModel } from "../model";

/** The guide's settings, beside the model and what it is trained on. */
export interface PipelineOptions extends z.input<typeof TrainingOptions> {
  model: ThumbnailRankingModel;
  engine: Engine;
  data: TrainingData;
  /**
   * Most steps that run before their records are yielded, 8 if omitted or more: where steps are short, so many are one
   * call of the engine. What is computed does not depend on it.
   */
  lossesEvery?: number;
  /**
   * Steps that run one by one before several run in a call, 250 if omitted: compiling those takes as long as about a
   * hundred steps. What is computed does not depend on it.
   */
  singlesFirst?: number;
}

/** The schema of `Pace`. */
export const Pace = z.strictObject({
  lossesEvery: z.number().int().positive().default(8),
  singlesFirst: z.number().int().nonnegative().default(250),
});
/** The settings that are no part of what a training computes. */
export type Pace = z.infer<typeof Pace>;

/** How far to train. */
export interface TrainOptions {
  /** Epochs in all, counted from 0; `numEpochs: 200` ends with epoch 199. */
  numEpochs: number;
  /** Where the caller expects the training to be; it continues exactly from its position, and refuses another epoch. */
  startEpoch?: number;
  /** Stops within a tenth of a second, or at the end of a longer step; records of steps that are done still come. */
  signal?: AbortSignal;
  /** After every so many steps since the start of training the record is yielded before the next step runs. */
  pauseEvery?: number;
}
