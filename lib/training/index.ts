/**
 * Training: losses, mixup, SWA, the compiled step, the pipeline that yields records, checkpoints and loggers.
 * Others read its records and take its weights.
 * It must not know where data comes from beyond the store and embeddings, nor print anything.
 */

export { type Assembled, assembleTrainingData, type DataSources } from "./assemble";
export { byEpoch } from "./by-epoch";
export { type Calibration, calibrate, fitCalibration, winProbability } from "./calibration";
export * from "./checkpoint";
export { compareConfig } from "./compare-config";
export type { DataOptions, Features, PairSet, TrainingData } from "./data";
export {
  CheckpointMismatch,
  type Difference,
  StartEpochMismatch,
  StepUnderWay,
  TrainingDiverged,
  TrainingPairsMissing,
} from "./errors";
export {
  EncoderAmbiguous,
  EncoderNotEmbedded,
  FeatureStorageMismatch,
  FeatureWidthMismatch,
  SignalsMissing,
  TrainingDataEmpty,
} from "./feature-errors";
export { asFloat32 } from "./features";
export { type FinishedRun, finishedRun, predictRun } from "./finished";
export { type DataPaths, gatherTrainingData } from "./gather";
export { type EncoderChoice, loadTrainingData } from "./load";
export * from "./loggers";
export { auxiliaryLoss, ctrLoss, LOSSES, type LossName, marginRankingLoss, smoothLabels } from "./losses";
export { drawMixing, type Mixing, mix } from "./mixup";
export { TrainingPipeline } from "./pipeline";
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
export { rerun } from "./rerun";
export { type RunEvent, type RunOptions, type RunResult, trainRun } from "./run";
export { CheckpointEpochMismatch, RunDataChanged, RunExists, RunNameInvalid } from "./run-errors";
export { runFolder } from "./run-folder";
export type { TrainingProgress, TrainingState } from "./state";
export { clipByGlobalNorm } from "./step";
export { average, type WeightAverage } from "./swa";
export { countTrueCtrTargets, percentiles, type Signals } from "./targets";
export { timeSteps } from "./time-steps";
export { RunNotTrained, readTrained, type TrainedRun, writeTrained } from "./trained";
export { Trainer } from "./trainer";
export { tunedThreads, tuneThreads, type Work } from "./tune";
