/**
 * Training: losses, mixup, SWA, the compiled step, and the trainer that yields records.
 * Other rooms read its records and use its weights.
 * It must not know about files, where data comes from, or how results are judged, and must not print anything.
 */

export { batchSizes, drawMixing, type Mixing, mix } from "./batches";
export {
  CheckpointMismatch,
  type Difference,
  StartEpochMismatch,
  StepUnderWay,
  TrainingDiverged,
  TrainingPairsMissing,
} from "./errors";
export { average, type WeightAverage } from "./finish";
export { forecaster } from "./forecast";
export { auxiliaryLoss, ctrLoss, LOSSES, type LossName, marginRankingLoss, smoothLabels } from "./losses";
export { forEachLoss } from "./losses/terms";
export type { PipelineOptions, TrainOptions } from "./pipeline-options";
export {
  compareConfig,
  describeEngineChange,
  EngineFacts,
  type TrainingProgress,
  type TrainingState,
  toEngineFacts,
} from "./position";
export { openPredictor, type Predictor } from "./predict";
export {
  byEpoch,
  type EpochRecord,
  type EpochSums,
  type Losses,
  type StepRecord,
  type TrainingEvent,
  type TrainingResult,
  type ValidationMetrics,
} from "./records";
export { clipByGlobalNorm } from "./step";
export { type LastBlocks, lastBlocks, type TowerShape, type TrainedTower, wholeTower } from "./tower";
export { isAtEpoch, Trainer } from "./trainer";
export { timeSteps, tunedThreads, tuneThreads, type Work } from "./tune";
