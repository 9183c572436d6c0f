import type { PairSet, TrainingData } from "../../features";
import type { EncoderIdentity, RatedVideo } from "../../store";

const VIDEOS = 512;
const BATCHES = 256;
const HEADS = 6;

/** Data of which only the sizes matter: what a step costs does not depend on values. Never to be learned from. */
export function standInData(imageDim: number, textDim: number, batchSize: number): TrainingData {
  const width = imageDim + textDim;
  const none = pairSet(0);
  return {
    videos: Array.from({ length: VIDEOS }, () => ({ fold: "train" }) as RatedVideo),
    features: Float32Array.from({ length: VIDEOS * width }, (_, i) => Math.sin(i) / Math.sqrt(width / 2)),
    imageDim,
    textDim,
    ctrTargets: new Float32Array(VIDEOS).fill(0.5),
    auxiliaryTargets: new Float32Array(VIDEOS * HEADS).fill(0.5),
    pairs: { train: pairSet(BATCHES * batchSize), validation: none, test: none, time: none },
    identities: { image: identity("image", imageDim), text: identity("text", textDim) },
    dataHash: "stand-in",
  };
}

function pairSet(count: number): PairSet {
  return {
    winners: Int32Array.from({ length: count }, (_, pair) => (7 * pair) % VIDEOS),
    losers: Int32Array.from({ length: count }, (_, pair) => (11 * pair + 1) % VIDEOS),
    margins: new Float32Array(count).fill(0.5),
    weights: new Float32Array(count).fill(1),
  };
}

function identity(kind: "image" | "text", dimensions: number): EncoderIdentity {
  return { kind, dimensions, model: "stand-in", revision: "1", preprocessing: "none", normalisation: "l2" };
}
