/**
 * The model: projection and three heads in plain TensorFlow.js, transformer blocks, named weights, and safetensors.
 * Other rooms train, evaluate, export and serve it through this index.
 * It must not know about videos, file locations, losses or optimizers.
 */
export {
  AUXILIARY_HEADS,
  type AuxiliaryHead,
  architecture,
  mapWeights,
  type NamedShape,
  type Predictions,
  type WeightArray,
  type WeightSpec,
  type Weights,
} from "./architecture";
export * from "./clip";
export {
  AdapterFolderUnusable,
  PhaseContradictory,
  SafetensorsInvalid,
  VisionFolderUnusable,
  WeightsMismatch,
} from "./errors";
export { readFolderJson } from "./folder-json";
export {
  ctrHead,
  EVALUATION,
  type Mode,
  type ModelOutput,
  pairwiseHead,
  sharedFeatures,
  type TrainingMode,
} from "./forward";
export { type JoinedWeight, joined, splitWeights } from "./joined";
export { BATCHNORM_EPSILON, linear, type Parameters, parameter } from "./layers";
export { initialWeights, type ModelStart, ThumbnailRankingModel } from "./model";
export { readSafetensors, writeSafetensors } from "./safetensors";
export { SafetensorsFile, type TensorPlace } from "./safetensors-file";
export {
  type AttentionNames,
  type AttentionShape,
  attention,
  feedForward,
  gelu,
  layerNorm,
  quickGelu,
} from "./transformer";
