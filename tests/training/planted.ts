import { random } from "../../lib/base/random";
import type { PairSet, TrainingData } from "../../lib/features";
import type { EncoderIdentity, Fold, RatedVideo } from "../../lib/store";

const DATE = new Date("2026-01-01T00:00:00Z");
const CHANNELS: Fold[] = ["train", "train", "train", "train", "validation", "validation", "test", "time"];

/**
 * A tiny world whose winners win by a hidden linear function of the features.
 * @param perChannel videos of each of 8 channels; each makes pairs with its next two
 */
export function planted({ perChannel = 16, imageDim = 12, textDim = 6, seed = 1 } = {}): TrainingData {
  const count = CHANNELS.length * perChannel;
  const width = imageDim + textDim;
  const source = random(seed, "planted");
  const features = Float32Array.from({ length: count * width }, () => source.normal() / Math.sqrt(width));
  const hidden = Float32Array.from({ length: width }, () => source.normal());
  const appeal = Array.from({ length: count }, (_, row) =>
    hidden.reduce((sum, weight, column) => sum + weight * (features[row * width + column] as number), 0),
  );
  const ctrTargets = Float32Array.from(appeal, (value) => 1 / (1 + Math.exp(-2 * value)));
  const auxiliaryTargets = Float32Array.from(
    { length: count * 6 },
    (_, at) => ctrTargets[Math.floor(at / 6)] as number,
  );
  const pairs = (fold: Fold) => pairsOf(fold, perChannel, appeal);
  return {
    videos: CHANNELS.flatMap((fold, channel) => Array.from({ length: perChannel }, (_, n) => video(channel, n, fold))),
    features,
    imageDim,
    textDim,
    ctrTargets,
    trueCtrTargets: 0,
    auxiliaryTargets,
    pairs: { train: pairs("train"), validation: pairs("validation"), test: pairs("test"), time: pairs("time") },
    identities: { image: identity("image", imageDim), text: identity("text", textDim) },
    dataHash: `planted-${seed}-${perChannel}`,
  };
}

function pairsOf(fold: Fold, perChannel: number, appeal: number[]): PairSet {
  const rows = CHANNELS.flatMap((of, channel) =>
    of === fold ? Array.from({ length: perChannel }, (_, n) => channel * perChannel + n) : [],
  );
  const both = rows.flatMap((row) =>
    [1, 2].flatMap((ahead) =>
      Math.floor(row / perChannel) === Math.floor((row + ahead) / perChannel) ? [[row, row + ahead]] : [],
    ),
  ) as [number, number][];
  const ordered = both.map(([a, b]) => ((appeal[a] as number) > (appeal[b] as number) ? [a, b] : [b, a])) as [
    number,
    number,
  ][];
  return {
    winners: Int32Array.from(ordered, ([winner]) => winner),
    losers: Int32Array.from(ordered, ([, loser]) => loser),
    margins: new Float32Array(ordered.length).fill(0.5),
    weights: new Float32Array(ordered.length).fill(1),
  };
}

function video(channel: number, number: number, fold: Fold): RatedVideo {
  return {
    videoId: `v${channel}-${number}`,
    channelId: `c${channel}`,
    channelTitle: null,
    title: "planted",
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

function identity(kind: "image" | "text", dimensions: number): EncoderIdentity {
  return { kind, dimensions, model: "planted", revision: "1", preprocessing: "none", normalisation: "l2" };
}
