import { z } from "zod";
import type { TrainingOptions } from "../config";
import type { Engine } from "../engine";
import type { TrainingData } from "../features";
import type { ThumbnailRankingModel } from "../model";
import type { TrainedTower } from "./tower";

/** The guide's settings, besides the model and its training data. */
export interface PipelineOptions extends z.input<typeof TrainingOptions> {
  model: ThumbnailRankingModel;
  engine: Engine;
  data: TrainingData;
  /** The vision tower whose weights the model trains (phases 2 and 3); the caller frees what it holds. */
  tower?: TrainedTower | undefined;
  /**
   * Most steps to run before their records are yielded, 8 if omitted or larger: short steps are grouped into one engine
   * call. It does not affect the results.
   */
  lossesEvery?: number;
  /**
   * Steps to run one at a time before several run in one call, 250 if omitted: compiling such a call takes as long as
   * about a hundred steps. It does not affect the results.
   */
  singlesFirst?: number;
}

/** The schema of `Pace`. */
export const Pace = z.strictObject({
  lossesEvery: z.number().int().positive().default(8),
  singlesFirst: z.number().int().nonnegative().default(250),
});
/** The settings that do not affect what a training computes. */
export type Pace = z.infer<typeof Pace>;

/** How far to train. */
export interface TrainOptions {
  /** Total number of epochs; `numEpochs: 200` ends with epoch 199, counted from 0. */
  numEpochs: number;
  /** The epoch that the caller expects to continue in, from the exact position; any other is refused. */
  startEpoch?: number;
  /** Stops within a tenth of a second, or at the end of a longer step; records of finished steps are still yielded. */
  signal?: AbortSignal;
  /** Yields a record before the next step runs, each time this many steps since the start of training are done. */
  pauseEvery?: number;
}
