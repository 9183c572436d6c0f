import { decimal } from "./format";
import type { EvaluationReport, GapResult, SplitResult } from "./report";
import type { TargetMetric } from "./targets";

/** Titles of the splits, for readers. */
export const SPLIT_TITLES = {
  channel: "Channels never seen in training",
  time: "Later videos of the training channels",
} as const;

/** Labels of metrics with targets, for readers. */
export const METRIC_LABELS: Record<TargetMetric, string> = {
  pairwiseAuc: "pairwise AUC",
  spearman: "Spearman's ρ",
  ctrCorrelation: "CTR correlation",
};

/** Names the correlation after the target that the predicted CTR is compared with: a proxy must never pass for CTR. */
export function correlationName(ctrTarget: EvaluationReport["ctrTarget"]): string {
  return {
    proxy: "Correlation with the CTR proxy",
    trueCtr: "CTR correlation",
    mixed: "Correlation with CTR or its proxy",
  }[ctrTarget];
}

/** Names the pairs of a band by how many times the loser's views the winner has, such as "1.3 to 1.8 times". */
export function gapName({ from, to }: Pick<GapResult, "from" | "to">): string {
  return Number.isFinite(to) ? `${from} to ${to} times` : `at least ${from} times`;
}

/** With fewer channels the bootstrap's intervals are clearly too narrow. */
const FEW_CHANNELS = 10;

/** A warning if the pairs come from few channels, or if a few channels contribute most of them; empty otherwise. */
export function fewChannels({
  channels,
  effectiveChannels,
  pairs,
}: Pick<SplitResult, "channels" | "effectiveChannels" | "pairs">): string {
  if (pairs === 0 || effectiveChannels >= FEW_CHANNELS) return "";
  const uneven = effectiveChannels < 0.8 * channels;
  const why = uneven
    ? `A few channels have most of the pairs: they count as much as ${decimal(effectiveChannels, 1)} equal channels`
    : "So few channels";
  return `${why}${uneven ? ", which makes" : " make"} intervals rough, and rather too narrow.`;
}
