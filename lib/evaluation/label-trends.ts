import { groupBy, random } from "../base";
import { quantile, spearman } from "../metrics";
import type { VideoLabels } from "../store";
import { bootstrap, drawGroups, type Estimate } from "./bootstrap";
import { FEWEST_VIDEOS, meanOverChannels } from "./statistics";

/** Spearman's correlation of a label with something within channels. */
export interface WithinChannels {
  /** Plain mean over channels, with its interval over channels. */
  mean: Estimate;
  /** The middle 80 % of the channels. */
  tenth: number;
  ninetieth: number;
}

/** How far one label follows time. */
export interface LabelTrend {
  kind: "proxy" | "ctrTarget";
  name: keyof VideoLabels["proxies"] | keyof VideoLabels["ctrTargets"];
  videos: number;
  /** Channels with at least three videos, and a label and times that are not all equal. */
  channels: number;
  uploadTime: WithinChannels;
  age: WithinChannels;
}

const RESAMPLES = 1000;

/**
 * Measures how each proxy and CTR target correlates with upload time and with the age at which views were read, within
 * channels. A label that says how well a video did compared with its channel's others correlates with neither.
 */
export function labelTrends(videos: readonly VideoLabels[], seed: number): LabelTrend[] {
  // Views of two units cannot be compared: a channel with both counts as two.
  const byChannel = groupBy(videos, ({ channelId, countUnit }) => `${channelId} ${countUnit}`);
  const channels = [...byChannel.values()];
  const proxies = (["viewsPerHour", "ageAdjusted", "residual", "snapshots"] as const).map((name) =>
    trendOf({ kind: "proxy", name }, channels, ({ proxies }) => proxies[name], seed),
  );
  const targets = (["neighbours", "channel"] as const).map((name) =>
    trendOf({ kind: "ctrTarget", name }, channels, ({ ctrTargets }) => ctrTargets[name], seed),
  );
  return [...proxies, ...targets];
}

function trendOf(
  named: Pick<LabelTrend, "kind" | "name">,
  channels: VideoLabels[][],
  label: (video: VideoLabels) => number | null,
  seed: number,
): LabelTrend {
  const labelled = channels.map((videos) => videos.filter((video) => label(video) !== null));
  const correlations = (of: (video: VideoLabels) => number) =>
    labelled.map((videos) =>
      videos.length < FEWEST_VIDEOS
        ? Number.NaN
        : spearman(
            videos.map((video) => label(video) ?? Number.NaN),
            videos.map(of),
          ),
    );
  const byTime = correlations(({ publishedAt }) => publishedAt.getTime());
  const byAge = correlations(({ ageHours }) => ageHours);
  return {
    ...named,
    videos: labelled.flat().length,
    channels: byTime.filter((value) => !Number.isNaN(value)).length,
    uploadTime: withinChannels(byTime, seed),
    age: withinChannels(byAge, seed),
  };
}

function withinChannels(byChannel: number[], seed: number): WithinChannels {
  const known = byChannel.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const draws = drawGroups(known.length, RESAMPLES, random(seed, "label trends"));
  const mean = bootstrap(meanOverChannels(known), known.length, draws);
  if (known.length === 0) return { mean, tenth: Number.NaN, ninetieth: Number.NaN };
  return { mean, tenth: quantile(known, 0.1), ninetieth: quantile(known, 0.9) };
}
