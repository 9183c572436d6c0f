import { createHash } from "node:crypto";
import { type EncoderIdentity, FOLDS, type RatedVideo } from "../store";
import { allocateFeatures, copyNumbers, readParts, storeNumbers, type TrainingData } from "./features";

/** Training data without its hash. */
export type Unhashed = Omit<TrainingData, "dataHash">;

/** Engaged views go unsaid, so that data from before there were others keeps its hash. */
const toHashed = ({ videoId, fold, labelUnit }: RatedVideo): string[] =>
  labelUnit === "engaged" ? [videoId, fold] : [videoId, fold, labelUnit];

/** Adds the hash of all that a training depends on. */
export function withHash(data: Unhashed): TrainingData {
  const hash = createHash("sha256");
  const { videos, features, pairs, identities } = data;
  hash.update(JSON.stringify([identities, videos.map(toHashed)]));
  for (const part of readParts(features)) hash.update(part);
  for (const values of [data.ctrTargets, data.auxiliaryTargets]) hash.update(values);
  for (const fold of FOLDS) {
    const { winners, losers, margins, weights } = pairs[fold];
    hash.update(`${fold} ${winners.length}`);
    for (const values of [winners, losers, margins, weights]) hash.update(values);
  }
  return { ...data, dataHash: hash.digest("hex") };
}

/**
 * The same data with the pictures' vectors of another encoder, such as a fine-tuned one.
 * @param vectors [videos, identity.dimensions], row-major, each of length 1
 */
export function withImageVectors(data: TrainingData, identity: EncoderIdentity, vectors: Float32Array): TrainingData {
  const { imageDim, textDim, videos } = data;
  if (identity.dimensions !== imageDim || vectors.length !== videos.length * imageDim)
    throw new RangeError(`${vectors.length} numbers are not ${videos.length} image vectors of ${imageDim}`);
  const width = imageDim + textDim;
  const storage = data.features instanceof Float32Array ? "float32" : "float16";
  const features = allocateFeatures(storage, data.features.length);
  const row = new Float32Array(width);
  for (let index = 0; index < videos.length; index++) {
    copyNumbers(data.features, index * width, row);
    row.set(vectors.subarray(index * imageDim, (index + 1) * imageDim));
    storeNumbers(features, index * width, row);
  }
  return withHash({ ...data, features, identities: { ...data.identities, image: identity } });
}
