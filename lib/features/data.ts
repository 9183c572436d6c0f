import type { TrainingOptions } from "../config";
import type { EncoderIdentity, Fold, RatedVideo } from "../store";

/** Embeddings of all videos, [n, width], row-major: float32, or the bits of float16. */
export type Features = Float32Array | Uint16Array;

/** Settings that the data depends on. */
export type DataOptions = Pick<TrainingOptions, "auxiliary" | "pairWeights"> &
  Partial<Pick<TrainingOptions, "featureStorage">>;

/** Pairs of one fold, as rows of the features. */
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
  /** [n], 0-1, unsmoothed: the true CTR mapped within its channel where it is known, else the CTR proxy. */
  ctrTargets: Float32Array;
  /** [n, 6], 0-1, in the order of `AUXILIARY_HEADS`. */
  auxiliaryTargets: Float32Array;
  pairs: Record<Fold, PairSet>;
  identities: { image: EncoderIdentity; text: EncoderIdentity };
  /** SHA-256 of ids, features (as float32), targets and pairs. */
  dataHash: string;
}
