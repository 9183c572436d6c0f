/**
 * Training: losses, mixup, SWA, the compiled step, and the trainer that yields records.
 * Others read its records and take its weights.
 * It must not know files, where data comes from, or how results are judged, nor print anything.
 */

export { byEpoch } from "./by-epoch";

export { compareConfig } from "./compare-config";
export { changeOf, EngineFacts, factsOf } from "./engine-facts";
export {
  CheckpointMismatch,
  type Difference,
  StartEpochMismatch,
  StepUnderWay,
  TrainingDiverged,
  TrainingPairsMissing,
} from "./errors";
export { forecaster } from "./forecast";
export { auxiliaryLoss, ctrLoss, LOSSES, type LossName, marginRankingLoss, smoothLabels } from "./losses";
export { forEachLoss } from "./losses/terms";
export { drawMixing, type Mixing, mix } from "./mixup";
export type { PipelineOptions, TrainOptions } from "./pipeline-options";
export { openPredictor, type Predictions, type Predictor } from "./predict";
export type {
  EpochRecord,
  EpochSums,
  Losses,
  StepRecord,
  TrainingEvent,
  TrainingResult,
  ValidationMetrics,
} from "./records";
export type { TrainingProgress, TrainingState } from "./state";
export { clipByGlobalNorm } from "./step";
export { average, type WeightAverage } from "./swa";
export { timeSteps } from "./time-steps";
export { isAtEpoch, Trainer } from "./trainer";
export { tunedThreads, tuneThreads, type Work } from "./tune";
