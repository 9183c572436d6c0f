import type { Estimate } from "./bootstrap";
import { correlationName, METRIC_LABELS } from "./labels";
import type { EvaluationReport, Metrics } from "./report";
import { markText, TARGETS, verdictOn } from "./targets";

/** A metric of a split with the guide's marks for it. */
export interface GuideRow extends Estimate {
  metric: string;
  /** Such as "≥ 0.65 (baseline), ≥ 0.72 (target)". */
  guide: string;
  verdict: string;
}

/** The metrics for which the guide names targets, each with its verdict. */
export function compareWithGuide(
  { metrics }: { metrics: Metrics },
  { ctrTarget }: Pick<EvaluationReport, "ctrTarget">,
): GuideRow[] {
  return (["pairwiseAuc", "spearman", "ctrCorrelation"] as const).map((name) => ({
    metric: name === "ctrCorrelation" ? correlationName(ctrTarget) : METRIC_LABELS[name],
    ...metrics[name],
    guide: TARGETS[name].map(markText).join(", "),
    verdict: verdictOn(name, metrics[name]).text,
  }));
}
