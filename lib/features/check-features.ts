import type { TrainingOptions } from "../config";
import type { TrainingData } from "./data";
import { FeatureStorageMismatch, FeatureWidthMismatch } from "./errors";

/** @throws FeatureWidthMismatch, FeatureStorageMismatch unless a model of these options can be trained on the data so */
export function checkFeatures(
  data: Pick<TrainingData, "features" | "imageDim" | "textDim">,
  model: { clipDim: number; textDim: number },
  { featureStorage }: Pick<TrainingOptions, "featureStorage">,
): void {
  if (data.imageDim !== model.clipDim || data.textDim !== model.textDim) throw new FeatureWidthMismatch(data, model);
  const stored = data.features instanceof Float32Array ? "float32" : "float16";
  if (stored !== featureStorage) throw new FeatureStorageMismatch(stored, featureStorage);
}
