/**
 * Runs: a training on disk: the guide's pipeline with its checkpoints, resume, loggers, history and finished runs. It
 * must not know how results are judged.
 */

// The content of a run's history: readers of runs need nothing else from training.
export { type EpochRecord, LOSSES } from "../training";
export {
  adjustedScore,
  adjustedScores,
  type ChannelOffset,
  type ChannelOffsets,
  fitChannelOffsets,
} from "./channel-offsets";
export { formatOffsets, OFFSETS_FILE, OffsetsCard, parseOffsets } from "./channel-offsets-file";
export { CheckpointDamaged, CheckpointMissing, CheckpointNotWritten } from "./checkpoint/errors";
export { latestCheckpoint, readCheckpoint } from "./checkpoint/read";
export { writeCheckpoint } from "./checkpoint/write";
export { type CrossValidation, crossValidate, type FoldEvent } from "./cross-validate";
export {
  describeRun,
  listRuns,
  type RunDescription,
  type RunState,
  runSettings,
  validationAuc,
} from "./describe";
export {
  CheckpointEpochMismatch,
  FineTuningImpossible,
  RunDataChanged,
  RunExists,
  RunNameInvalid,
  RunUnknown,
} from "./errors";
export { type FineTuning, type FineTuningJob, openFineTuning, tunedFolder } from "./fine-tune";
export { type FinishedRun, finishedRun, predictRun } from "./finished";
export { chooseEpochs, type FoldResult, meanOfFolds } from "./folds";
export { guideLine, isGuideEpoch, TrainingHistory } from "./loggers/history";
export type { LoggedRun, RunLogger } from "./loggers/logger";
export { LOGGERS, openLoggers } from "./loggers/loggers";
export { TensorBoardWriter } from "./loggers/tensorboard";
export { WandbLogger, type WandbSdk, WandbUnavailable, wantsWandb } from "./loggers/wandb";
export { measureStep } from "./measure-step";
export { rerun } from "./rerun";
export { type RunEvent, type RunOptions, type RunResult, TrainingPipeline, trainRun } from "./run";
export { readRunRecord } from "./run-record";
export {
  chooseFromSweep,
  planSweep,
  type SweepAxis,
  SweepInvalid,
  type SweepPoint,
  type SweepRun,
  summarizeSweep,
} from "./sweep";
export {
  assertRunBegun,
  RunNotTrained,
  readTrained,
  readTrainedCard,
  runFolder,
  type TrainedRun,
  writeTrained,
} from "./trained";
