import type { TrainingOptions, ViewsUnit } from "../config";
import { fromFloat16, lendableArray, toFloat16 } from "../engine";
import type { EncoderIdentity, Fold, RatedVideo } from "../store";
import { FeatureStorageMismatch, FeatureWidthMismatch } from "./errors";

/** Embeddings of all videos, [n, width], row-major: float32, or float16 bits. */
export type Features = Float32Array | Uint16Array;

/** Options that change the training data. */
export type DataOptions = Pick<TrainingOptions, "auxiliary" | "ctrTarget" | "pairWeights"> &
  Partial<Pick<TrainingOptions, "featureStorage">>;

/** Pairs of one fold, as row indices into the features. */
export interface PairSet {
  winners: Int32Array;
  losers: Int32Array;
  /** |a - b| / max(a, b) of the proxy. */
  margins: Float32Array;
  /** Weight of each pair in the ranking loss; their mean is 1. */
  weights: Float32Array;
}

/** What the model is trained and evaluated on; row i of every array belongs to `videos[i]`. */
export interface TrainingData {
  videos: RatedVideo[];
  /** [n, imageDim + textDim], row-major, each half L2-normalised. */
  features: Features;
  imageDim: number;
  textDim: number;
  /** [n], 0-1, unsmoothed: percentile of the true CTR where it is known, else of views as `ctrTarget` says. */
  ctrTargets: Float32Array;
  /** How many of them are of true CTRs. */
  trueCtrTargets: number;
  /** [n, 6], 0-1, in the order of `AUXILIARY_HEADS`. */
  auxiliaryTargets: Float32Array;
  pairs: Record<Fold, PairSet>;
  identities: { image: EncoderIdentity; text: EncoderIdentity };
  /** SHA-256 of ids, features (as float32), targets and pairs. */
  dataHash: string;
}

/** Videos by the unit of the views that they are rated by. */
export function countViewsUnits(videos: readonly RatedVideo[]): Partial<Record<ViewsUnit, number>> {
  const counts: Partial<Record<ViewsUnit, number>> = {};
  for (const { labelUnit } of videos) counts[labelUnit] = (counts[labelUnit] ?? 0) + 1;
  return counts;
}

/** How features are stored. */
export type FeatureStorage = TrainingOptions["featureStorage"];

/** Number of values converted to float32 at a time. */
const PART = 2 ** 18;

/** Allocates features that the engine can use without a copy; the caller must fill them completely. */
export function allocateFeatures(storage: FeatureStorage, length: number): Features {
  return storage === "float16" ? lendableArray(Uint16Array, length) : lendableArray(Float32Array, length);
}

/** Stores numbers from position `at` on, rounded if the features are float16. */
export function storeNumbers(features: Features, at: number, numbers: Float32Array): void {
  if (features instanceof Float32Array) features.set(numbers, at);
  else toFloat16(numbers, features, at);
}

/** Copies numbers from position `from` on as float32, until `target` is full. */
export function copyNumbers(features: Features, from: number, target: Float32Array): void {
  if (features instanceof Float32Array) target.set(features.subarray(from, from + target.length));
  else fromFloat16(features.subarray(from, from + target.length), target);
}

/** Features as float32: the same array if it is float32 already, else a copy. */
export function asFloat32(features: Features): Float32Array {
  if (features instanceof Float32Array) return features;
  const values = new Float32Array(features.length);
  fromFloat16(features, values);
  return values;
}

/** Yields all features as float32 in parts; each part overwrites the previous one. */
export function* readParts(features: Features): Generator<Float32Array> {
  if (features instanceof Float32Array) return yield features;
  const part = new Float32Array(PART);
  for (let from = 0; from < features.length; from += PART) {
    const values = part.subarray(0, Math.min(PART, features.length - from));
    copyNumbers(features, from, values);
    yield values;
  }
}

/**
 * @throws FeatureWidthMismatch, FeatureStorageMismatch unless a model with these options can be trained on this data
 */
export function checkFeatures(
  data: Pick<TrainingData, "features" | "imageDim" | "textDim">,
  model: { clipDim: number; textDim: number },
  { featureStorage }: Pick<TrainingOptions, "featureStorage">,
): void {
  if (data.imageDim !== model.clipDim || data.textDim !== model.textDim) throw new FeatureWidthMismatch(data, model);
  const stored = data.features instanceof Float32Array ? "float32" : "float16";
  if (stored !== featureStorage) throw new FeatureStorageMismatch(stored, featureStorage);
}
