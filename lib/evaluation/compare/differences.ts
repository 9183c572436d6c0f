import { at, random } from "../../base";
import { spearman } from "../../metrics";
import { bootstrap, bootstrapSums, drawGroups, type Estimate, type Statistic } from "../bootstrap";
import type { SplitScores } from "../kept-scores";
import { fewChannels } from "../labels";
import type { SplitName } from "../resample";
import { effectiveGroups } from "../split";
import { FEWEST_VIDEOS, meanOverChannels } from "../statistics";

/** How a run's ranking differs from another's on a split. */
export interface Difference {
  /** Whether both were measured on the same pairs, so that each resample draws the same channels for both. */
  isPaired: boolean;
  /** A warning if the channels are too few for a trustworthy interval; empty otherwise. */
  warning: string;
  /** AUC of the run minus that of the other. */
  pairwiseAuc: Estimate;
  /** The same, each channel counting the same. */
  pairwiseAucByChannel: Estimate;
  /** Mean over channels of Spearman's correlation of the two runs' scores; null if they were measured on other pairs. */
  agreement: Estimate | null;
}

/** How resamples are drawn. */
export interface Drawing {
  split: SplitName;
  seed: number;
  resamples: number;
}

/** Subtracts `other` from `run`, with 95 % intervals of a bootstrap over channels. */
export function differenceOf(run: SplitScores, other: SplitScores, drawing: Drawing): Difference {
  return run.pairsHash === other.pairsHash ? paired(run, other, drawing) : unpaired(run, other, drawing);
}

/** Whether one of two runs is better by more than chance explains. @param difference of `run` minus `other` */
export function verdictOnDifference({ value, low, high }: Estimate, run: string, other: string): string {
  if (Number.isNaN(value)) return "not compared";
  if (Number.isNaN(low)) return "too few channels to tell";
  if (low > 0) return `${run} is better`;
  return high < 0 ? `${other} is better` : "not told apart";
}

/** Every resample draws the same channels for both runs, so that hard channels cancel. */
function paired(run: SplitScores, other: SplitScores, { split, seed, resamples }: Drawing): Difference {
  const byId = new Map(other.channels.map((channel) => [channel.channelId, channel]));
  const channels = run.channels.flatMap((channel) => {
    const same = byId.get(channel.channelId);
    return same === undefined ? [] : [{ run: channel, other: same }];
  });
  const draws = drawGroups(channels.length, resamples, random(seed, "channels", split));
  const estimate = (statistic: Statistic) => bootstrap(statistic, channels.length, draws);
  const sums = channels.flatMap((channel) => [channel.run.pairs, channel.run.credit, channel.other.credit]);
  const ofChannel = channels.map((channel) => (channel.run.credit - channel.other.credit) / channel.run.pairs);
  const agreements = channels.map((channel) => agreement(channel.run.scores, channel.other.scores));
  return {
    isPaired: true,
    warning: warningOf(run),
    pairwiseAuc: estimate(bootstrapSums(Float64Array.from(sums), 3, ([n = 0, a = 0, b = 0]) => (a - b) / n)),
    pairwiseAucByChannel: estimate(meanOverChannels(ofChannel)),
    agreement: estimate(meanOverChannels(agreements)),
  };
}

function warningOf({ channels }: SplitScores): string {
  const sizes = channels.map(({ pairs }) => pairs);
  const pairs = sizes.reduce((sum, size) => sum + size, 0);
  return fewChannels({ channels: channels.length, effectiveChannels: effectiveGroups(sizes), pairs });
}

function agreement(scores: Record<string, number>, others: Record<string, number>): number {
  const videos = Object.keys(scores).filter((video) => others[video] !== undefined);
  if (videos.length < FEWEST_VIDEOS) return Number.NaN;
  const values = (of: Record<string, number>) => Float64Array.from(videos, (video) => of[video] ?? Number.NaN);
  return spearman(values(scores), values(others));
}

/** Each run's channels are drawn for themselves: the interval contains the difference between the data too. */
function unpaired(run: SplitScores, other: SplitScores, { split, seed, resamples }: Drawing): Difference {
  const own = run.channels.length;
  const others = other.channels.length;
  // A single channel would be the same in every resample, as if it were certain.
  const drawn = Math.min(own, others) < 2 ? 0 : resamples;
  const drawsOf = (channels: number, whose: string) => drawGroups(channels, drawn, random(seed, split, "of", whose));
  const othersDraws = drawsOf(others, "other");
  const draws = drawsOf(own, "run").map((counts, draw) => Int32Array.of(...counts, ...at(othersDraws, draw)));
  const subtract = (statistic: (scores: SplitScores) => Statistic) => {
    const a = statistic(run);
    const b = statistic(other);
    return bootstrap((counts) => a(counts.subarray(0, own)) - b(counts.subarray(own)), own + others, draws);
  };
  return {
    isPaired: false,
    warning: warningOf(own < others ? run : other),
    pairwiseAuc: subtract(aucStatistic),
    pairwiseAucByChannel: subtract(({ channels }) =>
      meanOverChannels(channels.map(({ pairs, credit }) => credit / pairs)),
    ),
    agreement: null,
  };
}

function aucStatistic({ channels }: SplitScores): Statistic {
  const sums = Float64Array.from(channels.flatMap(({ pairs, credit }) => [pairs, credit]));
  return bootstrapSums(sums, 2, ([pairs = 0, credit = 0]) => credit / pairs);
}
