import type { BaselineName } from "./baselines";
import type { EvaluationReport, SplitResult } from "./report";
import type { TargetMetric } from "./targets";

/** How the splits are called where people read. */
export const SPLIT_TITLES = {
  channel: "Channels never seen in training",
  time: "Later videos of the training channels",
} as const;

/** How baselines are called where people read. */
export const BASELINE_LABELS: Record<BaselineName, string> = {
  logistic: "logistic regression",
  imageOnly: "picture only",
  titleOnly: "title only",
  newer: "newer wins",
  random: "random",
};

/** How metrics with targets are called where people read. */
export const METRIC_LABELS: Record<TargetMetric, string> = {
  pairwiseAuc: "pairwise AUC",
  spearman: "Spearman's ρ",
  ctrCorrelation: "CTR correlation",
};

/** What the predicted CTR is compared with: a proxy must never pass for CTR. */
export function correlationName(ctrTarget: EvaluationReport["ctrTarget"]): string {
  return {
    proxy: "Correlation with the CTR proxy",
    trueCtr: "CTR correlation",
    mixed: "Correlation with CTR or its proxy",
  }[ctrTarget];
}

/** Below so many channels the bootstrap's intervals are plainly too narrow. */
const FEW_CHANNELS = 10;

/** A warning where there are few channels; empty otherwise. */
export function fewChannels({ channels }: SplitResult): string {
  return channels < FEW_CHANNELS ? " So few channels make intervals rough, and rather too narrow." : "";
}
