import { z } from "zod";
import type { ModelCard } from "./card";

const Estimate = z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });
const Auc = z.object({ pairwiseAuc: Estimate });
const Headline = Auc.extend({ spearman: Estimate.optional(), ctrCorrelation: Estimate.optional() });
const Counts = z.object({ channels: z.number(), videos: z.number(), pairs: z.number() });
const Split = Headline.extend({
  counts: Counts.optional(),
  baselines: z.record(z.string(), Auc).optional(),
});

/** What an export reads of the output of `thumbrank evaluate --json`. */
const Metrics = z.object({
  test: Headline,
  baselines: z.record(z.string(), Auc).optional(),
  splits: z.object({ channel: Split, time: Split }).optional(),
});
export type Metrics = z.infer<typeof Metrics>;

/** A figure with its 95 % interval; null where it is not defined. */
export type Estimate = z.infer<typeof Estimate>;

/** The figures of a model's evaluation; undefined if it was exported without one. */
export function evaluatedMetrics({ metrics }: Pick<ModelCard, "metrics">): Metrics | undefined {
  return Metrics.safeParse(metrics).data;
}
