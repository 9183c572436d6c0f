/**
 * The engine: runs steps of ordinary TensorFlow.js code, compiled by TensorFlow's own library where it is there,
 * uncompiled on wasm elsewhere. It knows tensors, variables and steps, and nothing of thumbnails, models or training.
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
  ValueInStep,
  ValueInTensorFlow,
} from "./errors";
export { cacheFolder, findLibrary, type Library, TENSORFLOW_VERSION, type Variant } from "./native/library";
export { type EngineOptions, openEngine } from "./open";
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
} from "./types";
