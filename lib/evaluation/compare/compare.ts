import { join } from "node:path";
import { at } from "../../base";
import type { Paths } from "../../config";
import { describeRun, type RunDescription, runSettings } from "../../runs";
import { RunsNotComparable } from "../errors";
import { type EvaluationFigures, evaluationFigures } from "../keep";
import { type KeptScores, keptScores } from "../kept-scores";
import { SPLIT_TITLES } from "../labels";
import type { SplitName } from "../resample";
import { type Difference, differenceOf } from "./differences";

/** Fixes the resamples. */
const SEED = 0;
const RESAMPLES = 1000;

/** The kept figures that are shown beside each other, by their names in `evaluation.json`. */
export const COMPARED_FIGURES = [
  { name: "pairwiseAuc", label: "Pairwise AUC" },
  { name: "pairwiseAucByChannel", label: "AUC, each channel the same" },
  { name: "spearman", label: "Spearman's ρ" },
  { name: "ctrCorrelation", label: "Correlation of the predicted CTR" },
] as const;

/** A run among those that are compared. */
export interface ComparedRun extends RunDescription {
  /** Its kept figures; null if it was not evaluated since it was trained. */
  evaluation: EvaluationFigures | null;
  /** How it differs from the first run; null for the first, and if one of both has no kept scores. */
  minusFirst: Record<SplitName, Difference> | null;
}

/** A setting, or a fact of the data, in which the compared runs differ. */
export interface DifferingSetting {
  name: string;
  /** One for each run, in their order; undefined where it is not known. */
  values: unknown[];
}

/** Runs beside each other; the first is what the others are compared with. */
export interface RunComparison {
  runs: ComparedRun[];
  settings: DifferingSetting[];
  resamples: number;
}

/**
 * Compares runs with the first of them.
 * @param allowUnpaired whether runs that were evaluated on different pairs are compared too, without pairing
 * @throws RunUnknown, RunNameInvalid, RunsNotComparable
 */
export async function compareRuns(
  paths: Pick<Paths, "checkpoints" | "runs">,
  names: readonly string[],
  { allowUnpaired = false }: { allowUnpaired?: boolean } = {},
): Promise<RunComparison> {
  const runs: (RunDescription & { evaluation: EvaluationFigures | null; scores: KeptScores | null })[] = [];
  for (const name of names) {
    const folder = join(paths.runs, name);
    const run = await describeRun(paths, name);
    runs.push({ ...run, evaluation: await evaluationFigures(folder), scores: await keptScores(folder) });
  }
  const first = at(runs, 0);
  if (!allowUnpaired) for (const run of runs) assertSamePairs(first, run);
  return {
    runs: runs.map(({ scores, ...run }, index) => ({
      ...run,
      minusFirst: index === 0 || scores === null || first.scores === null ? null : minus(scores, first.scores),
    })),
    settings: differingSettings(runs),
    resamples: RESAMPLES,
  };
}

interface Scored {
  name: string;
  scores: KeptScores | null;
}

function assertSamePairs(first: Scored, run: Scored): void {
  if (first.scores === null || run.scores === null) return;
  for (const split of ["channel", "time"] as const)
    if (first.scores.splits[split].pairsHash !== run.scores.splits[split].pairsHash)
      throw new RunsNotComparable(first.name, run.name, SPLIT_TITLES[split].toLowerCase());
}

function minus(run: KeptScores, first: KeptScores): Record<SplitName, Difference> {
  const difference = (split: SplitName) =>
    differenceOf(run.splits[split], first.splits[split], { split, seed: SEED, resamples: RESAMPLES });
  return { channel: difference("channel"), time: difference("time") };
}

function differingSettings(runs: readonly RunDescription[]): DifferingSetting[] {
  const facts = runs.map((run): Map<string, unknown> => {
    const { hash, image, text } = run.data;
    const settings = runSettings(run).map(({ flag, value }) => [flag, value] as const);
    return new Map<string, unknown>([...settings, ["image encoder", image], ["title encoder", text], ["data", hash]]);
  });
  const names = [...new Set(facts.flatMap((known) => [...known.keys()]))];
  return names
    .map((name) => ({ name, values: facts.map((known) => known.get(name)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}
