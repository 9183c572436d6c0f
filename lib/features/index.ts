/**
 * Features: joins videos, vectors, targets and pairs into the arrays that a training step reads, and checks that no fold
 * leaks into another. It must not know what a step does with them.
 */

export { type Assembled, assembleTrainingData, type DataSources } from "./assemble";
export { checkFeatures } from "./check-features";
export type { DataOptions, Features, PairSet, TrainingData } from "./data";
export {
  EncoderAmbiguous,
  EncoderNotEmbedded,
  FeatureStorageMismatch,
  FeatureWidthMismatch,
  SignalsMissing,
  TrainingDataEmpty,
} from "./errors";
export { asFloat32, copyNumbers } from "./features";
export { type DataPaths, gatherTrainingData } from "./gather";
export { assertNoLeak, type Leak, LeakFound, type PlacedVideo } from "./leak";
export { type EncoderChoice, loadTrainingData } from "./load";
export { countTrueCtrTargets, percentiles, type Signals } from "./targets";
