import { at } from "../base";
import type { Estimate } from "./bootstrap";
import { decimal } from "./format";

/** The metrics for which the guide names targets ("Target Metrics"). */
export type TargetMetric = "pairwiseAuc" | "spearman" | "ctrCorrelation";

/** One mark that a metric may reach. */
export interface Mark {
  name: string;
  value: number;
  /** Whether a value equal to the mark counts as reached (the guide's >= or >). */
  inclusive: boolean;
}

/** The guide's marks, lowest first. They are meant for 120,000 thumbnails of 500 channels and CLIP embeddings. */
export const TARGETS: Record<TargetMetric, Mark[]> = {
  pairwiseAuc: [
    { name: "baseline", value: 0.65, inclusive: true },
    { name: "target", value: 0.72, inclusive: true },
  ],
  spearman: [
    { name: "minimum", value: 0.3, inclusive: false },
    { name: "good", value: 0.5, inclusive: false },
  ],
  ctrCorrelation: [{ name: "target", value: 0.4, inclusive: false }],
};

/** How a figure compares with the guide's marks. */
export interface Verdict {
  /** The highest mark that the value reaches; null if it reaches none. */
  reached: Mark | null;
  text: string;
}

/** Formats a mark as the guide writes it, such as ">= 0.65 (baseline)". */
export function markText({ name, value, inclusive }: Mark): string {
  return `${inclusive ? "≥" : ">"} ${value} (${name})`;
}

/** Finds the highest mark reached, and whether the interval confirms it. */
export function verdictOn(metric: TargetMetric, estimate: Estimate): Verdict {
  const marks = TARGETS[metric];
  if (Number.isNaN(estimate.value)) return { reached: null, text: "not defined on these data" };
  const reached = marks.findLast((mark) => reaches(estimate.value, mark)) ?? null;
  return { reached, text: reached === null ? describeShortfall(at(marks, 0), estimate) : holds(reached, estimate) };
}

function reaches(value: number, { value: mark, inclusive }: Mark): boolean {
  return inclusive ? value >= mark : value > mark;
}

function holds(mark: Mark, { low }: Estimate): string {
  const what = `reaches the guide's "${mark.name}" (${mark.value})`;
  if (Number.isNaN(low)) return `${what}; no interval, too few channels`;
  return reaches(low, mark)
    ? `${what}, the whole interval too`
    : `${what}, but the interval goes down to ${decimal(low)}`;
}

function describeShortfall(mark: Mark, { high }: Estimate): string {
  const what = `short of the guide's "${mark.name}" (${mark.value})`;
  return reaches(high, mark) ? `${what}, though the interval goes up to ${decimal(high)}` : what;
}
