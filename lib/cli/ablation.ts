import { join } from "node:path";
import { z } from "zod";
import { resolvePaths, type TrainingOptions } from "../config";
import type { Difference, JsonEstimate, RunComparison } from "../evaluation";
import { say } from "./context";
import { differenceText, estimateText } from "./estimate-text";
import { evaluateRun } from "./evaluate";
import type { RunFlags } from "./run-files";
import { stopSignal } from "./signals";
import { type Cell, table } from "./table";
import { train } from "./train";
import type { TrainFlags } from "./train-flags";
import { runsBefore } from "./train-sweep";

/** A run of an ablation. */
export interface Variant {
  /** What it has that the others have not, such as a geometry. */
  name: string;
  /** Its training's flags; `run` is its own. */
  flags: TrainFlags & RunFlags;
  options: TrainingOptions;
}

/** A variant's figures on one split. */
interface VariantFigures {
  pairwiseAuc: JsonEstimate;
  /** Logistic regression on the picture's embedding alone. */
  pictureOnly: JsonEstimate;
  /** AUC minus that of the reference; null for the reference itself. */
  minusReference: Difference | null;
}

/** The figures of all variants on one split. */
interface SplitTable {
  counts: { channels: number; effectiveChannels: number; videos: number; pairs: number };
  variants: Record<string, VariantFigures>;
  /** Baselines that see no picture, and the true appeal where it is known. */
  others: Record<string, JsonEstimate>;
}

/** The result of an ablation. */
export interface Ablation {
  /** The variant that the others are compared with. */
  reference: string;
  runs: { name: string; run: string; valAuc: number | null }[];
  channel: SplitTable;
  time: SplitTable;
  resamples: number;
}

const SPLITS = ["channel", "time"] as const;
const BLIND_BASELINES = ["titleOnly", "newer", "random"] as const;

/**
 * Trains and evaluates the variants one after another. What was trained or evaluated before, with the same settings on
 * the same data, is not done again; what was stopped continues.
 * @returns false if a signal stopped it
 * @throws CheckpointMismatch, RunDataChanged if a run of one of the names has other settings or data
 */
export async function trainVariants(variants: readonly Variant[]): Promise<boolean> {
  const signal = stopSignal("stopping after this step, with a checkpoint; the same command continues");
  for (const [index, { name, flags, options }] of variants.entries()) {
    const { begun, done } = await runsBefore(flags, [{ name: flags.run, options }]);
    const isDone = done.has(flags.run);
    say(`${name} (${index + 1} of ${variants.length}): run ${flags.run}${isDone ? ", trained before" : ""}`);
    if (isDone) continue;
    const result = await train({ ...flags, ...(begun.has(flags.run) && { resume: "latest" }) }, options, signal);
    if (result === null) return false;
  }
  const { evaluationFigures } = await import("../evaluation");
  for (const { name, flags } of variants) {
    if (signal.aborted) return false;
    const folder = join(resolvePaths(flags.dataDir).runs, flags.run);
    if ((await evaluationFigures(folder)) !== null) continue;
    say(`${name}: evaluate`);
    await evaluateRun(flags);
  }
  return true;
}

const KeptEstimate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
const KeptAuc = z.object({ pairwiseAuc: KeptEstimate });
const KeptSplit = z.object({
  pairwiseAuc: KeptEstimate,
  counts: z.object({ channels: z.number(), effectiveChannels: z.number(), videos: z.number(), pairs: z.number() }),
  baselines: z.record(z.string(), KeptAuc),
  trueAppeal: KeptAuc.optional(),
});
const Kept = z.object({ splits: z.object({ channel: KeptSplit, time: KeptSplit }) });
type Kept = z.infer<typeof Kept>["splits"];

/** Compares the evaluated variants with the first. @throws RunsNotComparable */
export async function compareVariants(variants: readonly Variant[]): Promise<Ablation> {
  const { compareRuns, keptEvaluation } = await import("../evaluation");
  const { validationAuc } = await import("../runs");
  const paths = resolvePaths(variants[0]?.flags.dataDir);
  const names = variants.map(({ flags }) => flags.run);
  const comparison = await compareRuns(paths, names);
  const kept: Kept[] = [];
  for (const run of names) kept.push(Kept.parse(await keptEvaluation({ folder: join(paths.runs, run) })).splits);
  return {
    reference: variants[0]?.name ?? "",
    runs: comparison.runs.map((run, index) => ({
      name: variants[index]?.name ?? "",
      run: run.name,
      valAuc: validationAuc(run),
    })),
    channel: splitTable("channel", variants, comparison, kept),
    time: splitTable("time", variants, comparison, kept),
    resamples: comparison.resamples,
  };
}

function splitTable(
  split: (typeof SPLITS)[number],
  variants: readonly Variant[],
  { runs }: RunComparison,
  kept: readonly Kept[],
): SplitTable {
  const first = kept[0]?.[split];
  const figures = variants.flatMap(({ name }, index) => {
    const own = kept[index]?.[split];
    if (own === undefined) return [];
    const { pairwiseAuc, baselines } = own;
    const pictureOnly = baselines.imageOnly?.pairwiseAuc ?? UNKNOWN;
    return [[name, { pairwiseAuc, pictureOnly, minusReference: runs[index]?.minusFirst?.[split] ?? null }] as const];
  });
  const blind = BLIND_BASELINES.map((name) => [name, first?.baselines[name]?.pairwiseAuc ?? UNKNOWN] as const);
  const truth = first?.trueAppeal === undefined ? [] : [["trueAppeal", first.trueAppeal.pairwiseAuc] as const];
  return {
    counts: first?.counts ?? { channels: 0, effectiveChannels: 0, videos: 0, pairs: 0 },
    variants: Object.fromEntries(figures),
    others: Object.fromEntries([...truth, ...blind]),
  };
}

const UNKNOWN: JsonEstimate = { value: null, low: null, high: null };

/** The tables of an ablation for people. @param what heads the column of the variants' names */
export async function ablationText({ reference, runs, resamples, ...splits }: Ablation, what: string): Promise<string> {
  const { BASELINES, SPLIT_TITLES, verdictOnDifference } = await import("../evaluation");
  const valAucs = new Map(runs.map(({ name, valAuc }) => [name, valAuc?.toFixed(3) ?? "-"]));
  const labels = new Map<string, string>([["trueAppeal", "the true appeal"]]);
  for (const { name, label } of BASELINES) labels.set(name, label);
  const headings = [what, "val AUC", "AUC", `minus ${reference}`, "verdict", "picture only"];
  const parts = SPLITS.map((split) => {
    const { counts, variants, others } = splits[split];
    const rows = Object.entries(variants).map(([name, { pairwiseAuc, pictureOnly, minusReference: minus }]): Cell[] => {
      const verdict = minus === null ? "" : verdictOnDifference(minus.pairwiseAuc, name, reference);
      const difference = minus === null ? "" : differenceText(minus.pairwiseAuc);
      return [
        name,
        valAucs.get(name) ?? "-",
        estimateText(pairwiseAuc),
        difference,
        verdict,
        estimateText(pictureOnly),
      ];
    });
    const blind = Object.entries(others).map(([name, auc]): Cell[] => [
      labels.get(name) ?? name,
      "",
      estimateText(auc),
    ]);
    const warnings = new Set(Object.values(variants).flatMap(({ minusReference }) => minusReference?.warning || []));
    const { channels, effectiveChannels, videos, pairs } = counts;
    return [
      `${SPLIT_TITLES[split]}: ${channels} channels (${effectiveChannels.toFixed(1)} effective), ${videos} videos, ${pairs} pairs`,
      table(headings, [...rows, ...blind]),
      ...warnings,
      "",
    ].join("\n");
  });
  return [
    ...parts,
    `In brackets: 95 % intervals, ${resamples} resamples of whole channels, the same for both runs of a difference.`,
    "Picture only: logistic regression on the picture's embedding alone. One seed each: another seed gives other differences.",
  ].join("\n");
}
