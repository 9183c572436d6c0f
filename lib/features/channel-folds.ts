import { createHash } from "node:crypto";
import { at, permutation, random } from "../base";
import type { PairSet, TrainingData } from "./features";

/**
 * Divides the training channels that have pairs for cross-validation. Channels are taken by number of pairs, most
 * first, and each group of `folds` of them is dealt out in random order, so the folds' numbers of pairs differ by at
 * most the largest channel's.
 * @returns channel ids by fold; as many folds as there are channels, if these are fewer
 */
export function divideChannels({ videos, pairs }: TrainingData, folds: number, seed: number): string[][] {
  const counts = new Map<string, number>();
  for (const row of pairs.train.winners) {
    const { channelId } = at(videos, row);
    counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
  }
  const channels = [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
  const divided = Array.from({ length: Math.min(folds, channels.length) }, (): string[] => []);
  for (let start = 0; start < channels.length; start += divided.length) {
    const order = permutation(divided.length, random(seed, "channel folds", start));
    for (const [index, [channel]] of channels.slice(start, start + divided.length).entries())
      at(divided, at(order, index)).push(channel);
  }
  return divided;
}

/**
 * The data of one fold of a cross-validation: trains on the other training channels and validates on the fold's. The
 * validation, test and time folds take no part. Features and targets are those of the whole, not copies.
 * @param channels the fold's, as `divideChannels` returns them
 */
export function selectFold(data: TrainingData, channels: readonly string[]): TrainingData {
  const heldOut = new Set(channels);
  const isHeldOut = (row: number) => heldOut.has(at(data.videos, row).channelId);
  const { train } = data.pairs;
  const none = selectPairs(train, () => false);
  const videos = data.videos.map((video, row) => {
    if (video.fold === "train") return isHeldOut(row) ? { ...video, fold: "validation" as const } : video;
    return video.fold === "validation" ? { ...video, fold: "test" as const } : video;
  });
  return {
    ...data,
    videos,
    pairs: {
      train: selectPairs(train, (winner) => !isHeldOut(winner)),
      validation: selectPairs(train, isHeldOut),
      test: none,
      time: none,
    },
    dataHash: createHash("sha256")
      .update(JSON.stringify([data.dataHash, channels]))
      .digest("hex"),
  };
}

/** Some pairs of a set, with their weights scaled to mean 1 again. */
function selectPairs(set: PairSet, isWanted: (winner: number) => boolean): PairSet {
  const wanted = Array.from(set.winners.keys()).filter((pair) => isWanted(at(set.winners, pair)));
  const total = wanted.reduce((sum, pair) => sum + at(set.weights, pair), 0);
  return {
    winners: Int32Array.from(wanted, (pair) => at(set.winners, pair)),
    losers: Int32Array.from(wanted, (pair) => at(set.losers, pair)),
    margins: Float32Array.from(wanted, (pair) => at(set.margins, pair)),
    weights: Float32Array.from(wanted, (pair) => (at(set.weights, pair) * wanted.length) / total),
  };
}
