/**
 * The model: projection and three heads in plain TensorFlow.js, their named weights, and safetensors.
 * Other rooms train, evaluate, export and serve it through this index.
 * It must not know of videos, files' places, losses or optimizers.
 */
export { copyWeights, mapWeights, type WeightArray, type Weights, zeroWeights } from "./weights";
