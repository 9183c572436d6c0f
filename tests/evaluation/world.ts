import { random } from "../../lib/base/random";
import type { PairSet, TrainingData } from "../../lib/features";
import type { Fold, RatedVideo } from "../../lib/store";

/** A small planted world: appeal is linear in the features, views follow it with noise. */
export interface PlantedWorld {
  data: TrainingData;
  /** True appeal by video id. */
  appeal: Map<string, number>;
}

export interface WorldOptions {
  seed?: number;
  /** Channels of each fold; `time` videos are the last of the training channels. */
  channels?: Record<"train" | "validation" | "test", number>;
  videosPerChannel?: number;
  imageDim?: number;
  textDim?: number;
  /** Standard deviation of the noise between appeal (spread about 1) and the proxy. */
  noise?: number;
}

const NICHES = ["tech", "gaming", "beauty", null];
const DAY_MS = 86_400_000;

export function plantedWorld(options: WorldOptions = {}): PlantedWorld {
  const { seed = 1, videosPerChannel = 20, imageDim = 12, textDim = 6, noise = 0.5 } = options;
  const channels = options.channels ?? { train: 10, validation: 4, test: 6 };
  const source = random(seed, "planted world");
  const dims = imageDim + textDim;
  const direction = Float64Array.from({ length: dims }, () => source.normal());
  const videos: RatedVideo[] = [];
  const features: number[] = [];
  const appeal = new Map<string, number>();
  for (const fold of ["train", "validation", "test"] as const) {
    for (let channel = 0; channel < channels[fold]; channel++) {
      const own: RatedVideo[] = [];
      for (let at = 0; at < videosPerChannel; at++) {
        const row = [...unit(imageDim, source), ...unit(textDim, source)];
        const worth = row.reduce((sum, value, column) => sum + value * (direction[column] as number), 0);
        const video = ratedVideo({ fold, channel, at, proxy: Math.exp(worth + noise * source.normal()) });
        if (fold === "train" && at >= videosPerChannel * 0.8) video.fold = "time";
        own.push(video);
        features.push(...row);
        appeal.set(video.videoId, worth);
      }
      for (const video of own) video.ctrProxy = own.filter((other) => other.proxy <= video.proxy).length / own.length;
      videos.push(...own);
    }
  }
  return { data: trainingData(videos, Float32Array.from(features), imageDim, textDim), appeal };
}

/** Data whose pairs are all pairs of one channel and fold with different proxies. */
export function trainingData(
  videos: RatedVideo[],
  features: Float32Array,
  imageDim: number,
  textDim: number,
): TrainingData {
  const identity = { revision: "1", preprocessing: "none", normalisation: "l2" } as const;
  return {
    videos,
    features,
    imageDim,
    textDim,
    ctrTargets: Float32Array.from(videos, (video) => video.ctrProxy),
    trueCtrTargets: 0,
    auxiliaryTargets: new Float32Array(videos.length * 6),
    pairs: {
      train: allPairs(videos, "train"),
      validation: allPairs(videos, "validation"),
      test: allPairs(videos, "test"),
      time: allPairs(videos, "time"),
    },
    identities: {
      image: { kind: "image", model: "descriptor", dimensions: imageDim, ...identity },
      text: { kind: "text", model: "title-hash", dimensions: textDim, ...identity },
    },
    dataHash: "0".repeat(64),
  };
}

function allPairs(videos: RatedVideo[], fold: Fold): PairSet {
  const winners: number[] = [];
  const losers: number[] = [];
  const margins: number[] = [];
  for (const [a, first] of videos.entries()) {
    for (const [b, second] of videos.entries()) {
      if (first.fold !== fold || second.fold !== fold || first.channelId !== second.channelId) continue;
      if (first.proxy > second.proxy) {
        winners.push(a);
        losers.push(b);
        margins.push((first.proxy - second.proxy) / first.proxy);
      }
    }
  }
  return {
    winners: Int32Array.from(winners),
    losers: Int32Array.from(losers),
    margins: Float32Array.from(margins),
    weights: new Float32Array(winners.length).fill(1),
  };
}

function ratedVideo(of: { fold: Fold; channel: number; at: number; proxy: number }): RatedVideo {
  const channelId = `${of.fold}-${of.channel}`;
  return {
    videoId: `${channelId}-${of.at}`,
    channelId,
    channelTitle: `Channel ${channelId}`,
    title: `Video ${of.at} of ${channelId}`,
    publishedAt: new Date(Date.UTC(2024, 0, 1) + of.at * DAY_MS),
    collectedAt: new Date(Date.UTC(2024, 3, 1)),
    views: Math.round(of.proxy * 1000),
    durationSeconds: 300,
    likes: null,
    comments: null,
    subscribers: 1000,
    language: "en",
    niche: NICHES[of.channel % NICHES.length] ?? null,
    picture: null,
    trueCtr: null,
    fold: of.fold,
    labelUnit: "engaged",
    viewsPerHour: of.proxy,
    proxy: of.proxy,
    ctrProxy: 0,
  };
}

function unit(dimensions: number, source: ReturnType<typeof random>): number[] {
  const values = Array.from({ length: dimensions }, () => source.normal());
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}
