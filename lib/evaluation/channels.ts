import { random } from "../base";
import type { TrainingData } from "../features";
import { credit, type PairRows, pairwiseAuc } from "../metrics";
import { type BaselineScores, forEachBaseline } from "./baselines";
import { bootstrap, drawGroups, type Estimate } from "./bootstrap";
import type { Part } from "./groups";
import { rowsByChannel } from "./groups";
import type { ChannelResult } from "./report";
import { spearmanByChannel } from "./statistics";

/** Fewest videos in a channel's pairs for an interval: with fewer, resampling says almost nothing. */
const FEWEST_VIDEOS = 5;

/** The table of channels, ordered by number of pairs, most first. */
export function channelTable(
  data: TrainingData,
  part: Part,
  scores: ArrayLike<number>,
  niches: Map<string, string>,
  { baselines, ...options }: { baselines: BaselineScores; seed: number; resamples: number },
): ChannelResult[] {
  const rows = rowsByChannel(part);
  const correlations = spearmanByChannel(
    part,
    scores,
    Float64Array.from(data.videos, (video) => video.ctrProxy),
  );
  const pairs = pairsByChannel(part);
  const results = part.channels.map((channelId, channel) => ({
    channelId,
    channelTitle: data.videos[rows[channel]![0]!]?.channelTitle ?? null,
    niche: niches.get(channelId) as string,
    videos: rows[channel]!.length,
    pairs: pairs[channel]!.length,
    pairwiseAuc: aucOverVideos(part, pairs[channel]!, scores, { ...options, name: channelId }),
    baselines: baselineAucs(baselines, pairsAt(part, pairs[channel]!)),
    spearman: correlations[channel]!,
  }));
  return results.sort((a, b) => b.pairs - a.pairs || a.channelId.localeCompare(b.channelId));
}

/** AUC of every baseline on one channel's pairs; NaN if it was not fitted. */
function baselineAucs(baselines: BaselineScores, pairs: PairRows): ChannelResult["baselines"] {
  return forEachBaseline((name) => {
    const scores = baselines[name];
    return scores === null ? Number.NaN : pairwiseAuc(scores, pairs);
  });
}

function pairsAt({ pairs }: Part, own: number[]): PairRows {
  return {
    winners: own.map((pair) => pairs.winners[pair]!),
    losers: own.map((pair) => pairs.losers[pair]!),
  };
}

/**
 * AUC of one channel with an interval over its videos: a pair occurs in a resample as often as the product of its two
 * videos' counts, because pairs that share a video are not independent.
 */
function aucOverVideos(
  { pairs }: Part,
  own: number[],
  scores: ArrayLike<number>,
  { seed, resamples, name }: { seed: number; resamples: number; name: string },
): Estimate {
  const rows = new Set(own.flatMap((pair) => [pairs.winners[pair]!, pairs.losers[pair]!]));
  const videos = new Map([...rows].map((row, video) => [row, video]));
  const winners = Int32Array.from(own, (pair) => videos.get(pairs.winners[pair]!) as number);
  const losers = Int32Array.from(own, (pair) => videos.get(pairs.losers[pair]!) as number);
  const credits = Float64Array.from(own, (pair) => credit(scores[pairs.winners[pair]!]!, scores[pairs.losers[pair]!]!));
  const statistic = (counts: Int32Array) => {
    let right = 0;
    let total = 0;
    for (let pair = 0; pair < credits.length; pair++) {
      const copies = counts[winners[pair]!]! * counts[losers[pair]!]!;
      right += copies * credits[pair]!;
      total += copies;
    }
    return right / total;
  };
  const draws = videos.size < FEWEST_VIDEOS ? [] : drawGroups(videos.size, resamples, random(seed, "videos", name));
  const estimate = bootstrap(statistic, videos.size, draws);
  // If every pair is right (or wrong) all resamples agree, but that is not certainty.
  return estimate.low < estimate.high ? estimate : { value: estimate.value, low: Number.NaN, high: Number.NaN };
}

/** Indices of the pairs of each channel. */
function pairsByChannel({ channels, channelOf, pairs }: Part): number[][] {
  const lists: number[][] = channels.map(() => []);
  for (let pair = 0; pair < pairs.winners.length; pair++) {
    lists[channelOf[pairs.winners[pair]!]!]?.push(pair);
  }
  return lists;
}
