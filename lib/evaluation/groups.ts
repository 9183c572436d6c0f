import { at } from "../base";
import type { PairSet, TrainingData } from "../features";

/** The part of the data that a set of figures is computed on, grouped by channel. */
export interface Part {
  /** Rows of the part's videos. */
  rows: Int32Array;
  channels: string[];
  /** Index into `channels` by row of the data; -1 if the row is not in the part. */
  channelOf: Int32Array;
  pairs: Pairs;
}

/** Rows of winners and losers with their margins, as in TrainingData, without what only training needs. */
export type Pairs = Pick<PairSet, "winners" | "losers" | "margins">;

/** Niche name of channels whose source names none. */
export const UNKNOWN_NICHE = "unknown";

/** Selects the videos for which `belongs` is true, and those of `pairs` that are between them. */
export function selectPart(data: TrainingData, pairs: Pairs, belongs: (row: number) => boolean): Part {
  const rows = Int32Array.from(data.videos.keys()).filter(belongs);
  const channelOf = new Int32Array(data.videos.length).fill(-1);
  const index = new Map<string, number>();
  for (const row of rows) {
    const channel = findChannelId(data, row);
    if (!index.has(channel)) index.set(channel, index.size);
    channelOf[row] = index.get(channel) as number;
  }
  return { rows, channels: [...index.keys()], channelOf, pairs: pairsWithin(pairs, channelOf) };
}

/** Pairs whose videos are both in the part. */
function pairsWithin(pairs: Pairs, channelOf: Int32Array): Pairs {
  const { winners, losers } = pairs;
  return filterPairs(pairs, (pair) => at(channelOf, at(winners, pair)) >= 0 && at(channelOf, at(losers, pair)) >= 0);
}

/** The same part with some of its pairs; its channels keep their places, so that resamples stay comparable. */
export function withPairs(part: Part, kept: (pair: number) => boolean): Part {
  return { ...part, pairs: filterPairs(part.pairs, kept) };
}

function filterPairs({ winners, losers, margins }: Pairs, kept: (pair: number) => boolean): Pairs {
  const isKept = (_: number, pair: number) => kept(pair);
  return { winners: winners.filter(isKept), losers: losers.filter(isKept), margins: margins.filter(isKept) };
}

/** Rows of the part, channel by channel, in the order of `channels`. */
export function rowsByChannel({ rows, channels, channelOf }: Part): Int32Array[] {
  const lists: number[][] = channels.map(() => []);
  for (const row of rows) lists[at(channelOf, row)]?.push(row);
  return lists.map((list) => Int32Array.from(list));
}

/** `values` of the given rows, in their order. */
export function pick(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => at(values, row));
}

function findChannelId(data: TrainingData, row: number): string {
  const video = data.videos[row];
  if (video === undefined) throw new RangeError(`no video in row ${row}`);
  return video.channelId;
}

/** The niche of each channel: the one that most of its videos name; on a tie, the alphabetically first. */
export function nicheOfChannels(data: TrainingData): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  for (const { channelId, niche } of data.videos) {
    const counts = votes.get(channelId) ?? new Map<string, number>();
    votes.set(channelId, counts);
    if (niche !== null) counts.set(niche, (counts.get(niche) ?? 0) + 1);
  }
  return new Map([...votes].map(([channelId, counts]) => [channelId, mostVotes(counts)]));
}

function mostVotes(counts: Map<string, number>): string {
  const [first] = [...counts].sort(([a, votesA], [b, votesB]) => votesB - votesA || a.localeCompare(b));
  return first?.[0] ?? UNKNOWN_NICHE;
}
