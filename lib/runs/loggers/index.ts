/**
 * Loggers: each takes a run's records and shows them somewhere: console line, history file, TensorBoard, W&B.
 * Knows the records and the formats; must not know how training makes them, and prints nothing itself.
 */
export { guideLine, isGuideEpoch } from "./guide-line";
export { TrainingHistory } from "./history";
export { TensorBoardWriter } from "./tensorboard";
export { WandbLogger, type WandbSdk, WandbUnavailable, wantsWandb } from "./wandb";
export { withWandb } from "./with-wandb";
