/**
 * The engine: runs steps of ordinary TensorFlow.js code, compiled by TensorFlow's own library if it is installed,
 * otherwise uncompiled on wasm. It knows tensors, variables and steps, and nothing about thumbnails, models or
 * training.
 */
export { type AdamSlots, applyAdamW } from "./adamw";
export { dropout } from "./dropout";
export {
  DeviceMissing,
  EngineDisposed,
  ForeignTensor,
  InputMismatch,
  KernelUnmapped,
  LibraryMissing,
  LibraryUnloadable,
  NotFinite,
  RandomInStep,
  RunFailed,
  RunsUnderWay,
  requireFinite,
  SettingUnavailable,
  TfjsNodeMissing,
  TfjsNodeUnloadable,
  ValueInStep,
  ValueInTensorFlow,
} from "./errors";
export { fromFloat16, toFloat16 } from "./float16";
export { countElements } from "./inputs";
export { lendableArray } from "./native/lendable";
export {
  cacheFolder,
  findLibrary,
  type Library,
  TENSORFLOW_VERSION,
  type Variant,
} from "./native/library";
export { type EngineOptions, openEngine } from "./open";
export { inMicroBatches, type OnGradients, type Part, recompute, updateEarly } from "./recompute";
export { findTfjsNode, TFJS_NODE_VERSION } from "./tfjs-node/place";
export { defaultThreads, type Threads, threadChoices } from "./threads/choices";
export { fastest, keepThreads, keptThreads, type MeasuredThreads } from "./threads/kept";
export type {
  Compiled,
  Device,
  Engine,
  EngineSettings,
  Precision,
  Step,
  TensorSpec,
  TypedArray,
  VariableOptions,
  VariableValues,
} from "./types";
