/**
 * Features: joins videos, vectors, targets and pairs into the arrays that a training step reads, and checks that no
 * fold leaks into another. It must not know what a step does with them.
 */

export { divideChannels, selectFold } from "./channel-folds";
export {
  CtrTargetMissing,
  EncoderAmbiguous,
  EncoderNotEmbedded,
  FeatureStorageMismatch,
  FeatureWidthMismatch,
  SignalsMissing,
  TrainingDataEmpty,
} from "./errors";
export {
  asFloat32,
  checkFeatures,
  copyNumbers,
  countViewsUnits,
  type DataOptions,
  type Features,
  type PairSet,
  type TrainingData,
} from "./features";
export { withImageVectors } from "./hashed";
export { assertNoLeak, type Leak, LeakFound, type PlacedVideo } from "./leak";
export {
  type DataPaths,
  type EncoderChoice,
  type FeatureSources,
  joinFeatures,
  type LoadedFeatures,
  loadFeatures,
  openChosenVectors,
} from "./load-features";
export { percentiles, type Signals } from "./targets";
