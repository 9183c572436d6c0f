import type { TrainingOptions } from "../config";
import { fromFloat16, lendableArray, toFloat16 } from "../engine";
import type { Features } from "./data";

/** How features are stored. */
export type FeatureStorage = TrainingOptions["featureStorage"];

/** Numbers turned into float32 at a time. */
const PART = 2 ** 18;

/** Room for features, which the engine can use without a copy; to be filled wholly. */
export function roomForFeatures(storage: FeatureStorage, length: number): Features {
  return storage === "float16" ? lendableArray(Uint16Array, length) : lendableArray(Float32Array, length);
}

/** Stores numbers from a place on, rounded where the features are float16. */
export function storeNumbers(features: Features, at: number, numbers: Float32Array): void {
  if (features instanceof Float32Array) features.set(numbers, at);
  else toFloat16(numbers, features, at);
}

/** Copies numbers from a place on, as many as `target` takes, as float32. */
export function copyNumbers(features: Features, from: number, target: Float32Array): void {
  if (features instanceof Float32Array) target.set(features.subarray(from, from + target.length));
  else fromFloat16(features.subarray(from, from + target.length), target);
}

/** Features as float32: themselves, or a copy. */
export function asFloat32(features: Features): Float32Array {
  if (features instanceof Float32Array) return features;
  const values = new Float32Array(features.length);
  fromFloat16(features, values);
  return values;
}

/** All features as float32, in parts that are overwritten by the next. */
export function* partsOf(features: Features): Generator<Float32Array> {
  if (features instanceof Float32Array) return yield features;
  const part = new Float32Array(PART);
  for (let from = 0; from < features.length; from += PART) {
    const values = part.subarray(0, Math.min(PART, features.length - from));
    copyNumbers(features, from, values);
    yield values;
  }
}
