/**
 * The model: projection and three heads in plain TensorFlow.js, their named weights, and safetensors.
 * Other rooms train, evaluate, export and serve it through this index.
 * It must not know of videos, files' places, losses or optimizers.
 */
export { AUXILIARY_HEADS, type AuxiliaryHead, architecture, type WeightSpec } from "./architecture";
export { BATCHNORM_EPSILON } from "./batchnorm";
export { FineTuningUnavailable, SafetensorsInvalid, WeightsMismatch } from "./errors";
export { ctrHead, type ModelOutput, pairwiseHead, sharedFeatures } from "./forward";
export { type JoinedWeight, joined, parted } from "./joined";
export type { Parameters } from "./layers";
export { EVALUATION, type Mode, type TrainingMode } from "./mode";
export { ThumbnailRankingModel } from "./model";
export { readSafetensors, writeSafetensors } from "./safetensors";
export { mapWeights, type WeightArray, type Weights } from "./weights";
