import type { BaselineName } from "./baselines";
import type { EvaluationReport } from "./report";
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

/** What the predicted CTR was compared with: a proxy must never pass for CTR. */
export function correlationLabel(target: EvaluationReport["ctrTarget"]): string {
  return { proxy: "corr. with CTR proxy", trueCtr: "corr. with CTR", mixed: "corr. with CTR/proxy" }[target];
}
