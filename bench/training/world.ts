import { type Random, random } from "../../lib/base/random";
import type { TrainingOptions } from "../../lib/config";
import type { PairSet, TrainingData } from "../../lib/features";
import { AUXILIARY_HEADS, ThumbnailRankingModel } from "../../lib/model";
import type { EncoderIdentity, Fold, RatedVideo } from "../../lib/store";
import { type Batch, batchSizes, epochOrder, makeBatch } from "../../lib/training/batches";

const IMAGE_DIM = 768;
const TEXT_DIM = 384;
const HEADS = AUXILIARY_HEADS.length;
const DATE = new Date("2026-01-01T00:00:00Z");

/** How large a generated world is. */
export interface WorldSize {
  videos: number;
  /** For training. */
  pairs: number;
}

/** The guide's model with fresh weights. */
export const freshModel = (): ThumbnailRankingModel => new ThumbnailRankingModel({}, { seed: 0 });

/** Videos whose CTR proxy follows a hidden direction of their features; the same at every call. */
export function worldOf({ videos, pairs }: WorldSize): TrainingData {
  const features = vectors(videos);
  const appeal = appealOf(features, videos);
  const source = random("bench", "targets");
  const noisy = (value: number) => 1 / (1 + Math.exp(-2 * (value + source.normal() / 2)));
  const ctrTargets = Float32Array.from(appeal, noisy);
  const auxiliaryTargets = Float32Array.from({ length: videos * HEADS }, (_, at) =>
    noisy(appeal[Math.floor(at / HEADS)] as number),
  );
  const kept = Math.floor(videos * 0.9);
  const none = pairSet(0, 0, 1, ctrTargets);
  return {
    videos: Array.from({ length: videos }, (_, row) => video(row, row < kept ? "train" : "validation")),
    features,
    imageDim: IMAGE_DIM,
    textDim: TEXT_DIM,
    ctrTargets,
    trueCtrTargets: 0,
    auxiliaryTargets,
    pairs: {
      train: pairSet(pairs, 0, kept, ctrTargets),
      validation: pairSet(Math.ceil(pairs / 10), kept, videos - kept, ctrTargets),
      test: none,
      time: none,
    },
    identities: { image: identity("image", IMAGE_DIM), text: identity("text", TEXT_DIM) },
    dataHash: `bench-${videos}-${pairs}`,
  };
}

/** The batches of the first epoch, as the pipeline makes them. */
export function batchesOf(data: TrainingData, options: TrainingOptions, limit: number): Batch[] {
  const { train } = data.pairs;
  const order = epochOrder(train.winners.length, options.seed, 0);
  const sizes = batchSizes(train.winners.length, options.batchSize).slice(0, limit);
  return sizes.map((size, step) => {
    const start = step * options.batchSize;
    return makeBatch(train, order.subarray(start, start + size), options, step);
  });
}

/** [videos, 1152]; both halves of a row have about length 1. */
function vectors(videos: number): Float32Array {
  const width = IMAGE_DIM + TEXT_DIM;
  const features = new Float32Array(videos * width);
  // `random` would take a minute for the largest worlds; a linear congruential generator is random enough here.
  let state = 1;
  for (let at = 0; at < features.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    features[at] = (state / 2 ** 31) * Math.sqrt(3 / (at % width < IMAGE_DIM ? IMAGE_DIM : TEXT_DIM));
  }
  return features;
}

function appealOf(features: Float32Array, videos: number): Float32Array {
  const width = features.length / videos;
  const source: Random = random("bench", "appeal");
  const hidden = Float32Array.from({ length: width }, () => source.normal());
  return Float32Array.from({ length: videos }, (_, row) =>
    hidden.reduce((sum, weight, column) => sum + weight * (features[row * width + column] as number), 0),
  );
}

/** Random pairs among some rows, won by the higher target. */
function pairSet(count: number, from: number, rows: number, targets: Float32Array): PairSet {
  const source = random("bench", "pairs", from);
  const both = Array.from({ length: count }, () => {
    const a = from + source.integer(rows);
    const b = from + source.integer(rows);
    return (targets[a] as number) >= (targets[b] as number) ? ([a, b] as const) : ([b, a] as const);
  });
  return {
    winners: Int32Array.from(both, ([winner]) => winner),
    losers: Int32Array.from(both, ([, loser]) => loser),
    margins: new Float32Array(count).fill(0.5),
    weights: new Float32Array(count).fill(1),
  };
}

/** A video of which only its id and fold are ever looked at. */
export function video(row: number, fold: Fold): RatedVideo {
  return {
    videoId: `video-${row}`,
    channelId: `channel-${row % 1000}`,
    channelTitle: null,
    title: "generated",
    publishedAt: DATE,
    collectedAt: DATE,
    views: 1,
    durationSeconds: null,
    likes: null,
    comments: null,
    subscribers: null,
    language: null,
    niche: null,
    picture: null,
    trueCtr: null,
    fold,
    labelUnit: "engaged",
    viewsPerHour: 1,
    proxy: 1,
    ctrProxy: 0.5,
  };
}

export function identity(kind: "image" | "text", dimensions: number): EncoderIdentity {
  return { kind, dimensions, model: "generated", revision: "1", preprocessing: "none", normalisation: "l2" };
}
