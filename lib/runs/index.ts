/**
 * Runs: a training on disk: the guide's pipeline with its checkpoints, resume, loggers, history and finished runs.
 * It must not know how results are judged.
 */

// What a run's history holds: who reads runs needs nothing else of training.
export { type EpochRecord, LOSSES } from "../training";
export { CheckpointDamaged, CheckpointMissing, CheckpointNotWritten } from "./checkpoint/errors";
export { latestCheckpoint, readCheckpoint } from "./checkpoint/read";
export { writeCheckpoint } from "./checkpoint/write";
export { CheckpointEpochMismatch, RunDataChanged, RunExists, RunNameInvalid, RunUnknown } from "./errors";
export { type FinishedRun, finishedRun, predictRun } from "./finished";
export { guideLine, isGuideEpoch } from "./loggers/guide-line";
export { TrainingHistory } from "./loggers/history";
export { TensorBoardWriter } from "./loggers/tensorboard";
export { WandbLogger, type WandbSdk, WandbUnavailable, wantsWandb } from "./loggers/wandb";
export { withWandb } from "./loggers/with-wandb";
export { TrainingPipeline } from "./pipeline";
export { rerun } from "./rerun";
export { type RunEvent, type RunOptions, type RunResult, trainRun } from "./run";
export { assertRunBegun, runFolder } from "./run-folder";
export { RunNotTrained, readTrained, type TrainedRun, writeTrained } from "./trained";
