import { z } from "zod";
import { duration } from "../base";
import { ConfigInvalid, listSettings, resolvePaths, TrainingOptions } from "../config";
import type { RunResult, SweepAxis, SweepPoint, SweepRun } from "../runs";
import { answer, say } from "./context";
import { loadData, type RunFlags } from "./run-files";
import { parsedValue } from "./settings";
import { stopSignal } from "./signals";
import { table } from "./table";

const MOST_SEEDS = 20;
const SEEDS_FORM = `whole numbers from 0, separated by commas, at most ${MOST_SEEDS}`;
const AXIS_FORM = "SETTING=VALUE,VALUE... with SETTING a flag of this command without its dashes";

/** Flags that make `train` train several runs. */
export const SweepSettings = z
  .strictObject({
    seeds: z
      .array(z.string().regex(/^\d{1,9}$/))
      .min(1)
      .max(MOST_SEEDS)
      .optional()
      .meta({
        placeholder: "seeds",
        form: SEEDS_FORM,
        commas: true,
        description: "train a run for each of these seeds, separated by commas, and show mean and spread",
      }),
    sweep: z
      .array(
        z
          .string()
          .max(1000)
          .regex(/^[A-Za-z][A-Za-z-]*=[^=]+$/),
      )
      .min(1)
      .max(8)
      .optional()
      .meta({
        placeholder: "setting=values",
        form: AXIS_FORM,
        description: "train a run for each value, such as lr=1e-5,5e-5; several make a grid",
      }),
  })
  .meta({ title: "Several runs" });
export type SweepFlags = z.output<typeof SweepSettings>;

/** What a sweep takes from the flags of `train`. */
type GridFlags = RunFlags & { overwrite: boolean; hiddenDim: number };

/** Trains one run of a sweep; null if the signal stopped it. @param isBegun whether there may be a checkpoint of it */
type TrainOne = (run: SweepRun, how: { isBegun: boolean; signal: AbortSignal }) => Promise<RunResult | null>;

/** A run of a sweep and the validation AUC it ended with. */
type TrainedRun = SweepRun & { valAuc: number | null };

/** Whether a command line asks for several runs. */
export const isSweep = ({ seeds, sweep }: SweepFlags): boolean => seeds !== undefined || sweep !== undefined;

/**
 * Lists the runs that the flags ask for.
 * @param resolve completes the settings of a run
 * @throws ConfigInvalid for a setting that does not exist, SweepInvalid, and what `resolve` throws
 */
export async function sweepRuns(
  { seeds = [], sweep = [] }: SweepFlags,
  baseName: string,
  resolve: (settings: Record<string, unknown>) => TrainingOptions,
): Promise<SweepRun[]> {
  const { planSweep } = await import("../runs");
  return planSweep(baseName, { axes: axesOf(sweep), seeds: [...new Set(seeds.map(Number))] }, resolve);
}

function axesOf(texts: readonly string[]): SweepAxis[] {
  const settings = listSettings(TrainingOptions).filter(({ key }) => key !== "seed");
  const axes = texts.map((text) => {
    const [name = "", values = ""] = text.split("=");
    const setting = settings.find(({ key, flag }) => key === name || flag === name);
    if (setting === undefined) {
      const known =
        name === "seed"
          ? "seeds are given by --seeds"
          : `must be one of ${settings.map(({ flag }) => flag).join(", ")}`;
      throw new ConfigInvalid([`--sweep "${name}": ${known}`]);
    }
    return {
      key: setting.key,
      values: [...new Set(values.split(",").map((value) => parsedValue(setting, value.trim())))],
    };
  });
  const twice = axes.find(({ key }, index) => axes.findIndex((other) => other.key === key) < index);
  if (twice !== undefined) throw new ConfigInvalid([`--sweep "${twice.key}": must be given once, with all its values`]);
  return axes;
}

/**
 * Trains the runs of a grid one after another, and prints their table. A run that was trained before, with the same
 * settings on the same data, is not trained again; one that was stopped continues.
 * @returns false if a signal stopped it
 * @throws CheckpointMismatch, RunDataChanged if a run of one of the names has other settings or data
 */
export async function trainSweep(flags: GridFlags, runs: readonly SweepRun[], train: TrainOne): Promise<boolean> {
  const signal = stopSignal("stopping after this step, with a checkpoint; the same command continues");
  const { begun, done } = flags.overwrite ? NOTHING : await runsBefore(flags, runs);
  const trained: TrainedRun[] = [];
  const startedMs = Date.now();
  let newRuns = 0;
  for (const [index, run] of runs.entries()) {
    const before = done.get(run.name);
    say(`run ${index + 1} of ${runs.length}: ${run.name}${before === undefined ? "" : ", trained before"}`);
    if (before !== undefined) {
      trained.push({ ...run, valAuc: before });
      continue;
    }
    const result = await train(run, { isBegun: begun.has(run.name), signal });
    if (result === null) return false;
    trained.push({ ...run, valAuc: (result.swa ?? result.plain).valAuc });
    newRuns += 1;
    const left = runs.slice(index + 1).filter(({ name }) => !done.has(name)).length;
    if (left > 0) say(`${left} more to train, about ${duration(((Date.now() - startedMs) / newRuns) * left)}`);
  }
  await answerTable(flags, trained);
  return true;
}

/** Runs of a sweep that an earlier command left. */
interface RunsBefore {
  begun: ReadonlySet<string>;
  /** Validation AUC of the finished ones, by name. */
  done: ReadonlyMap<string, number | null>;
}

const NOTHING: RunsBefore = { begun: new Set(), done: new Map() };

/** Finds the runs that were begun before. @throws CheckpointMismatch, RunDataChanged */
export async function runsBefore(
  flags: Omit<GridFlags, "overwrite">,
  runs: readonly Pick<SweepRun, "name" | "options">[],
): Promise<RunsBefore> {
  const { listRuns, RunDataChanged, validationAuc } = await import("../runs");
  const { compareConfig } = await import("../training");
  const found = new Map((await listRuns(resolvePaths(flags.dataDir))).map((run) => [run.name, run]));
  const hashes = new Map<string, string>();
  const begun = new Set<string>();
  const done = new Map<string, number | null>();
  for (const { name, options } of runs) {
    const run = found.get(name);
    if (run === undefined) continue;
    begun.add(name);
    if (run.config === null) continue;
    const { training, model } = run.config;
    const settings = { training: options, hiddenDim: flags.hiddenDim };
    // Cross-validation chooses the number of epochs.
    const free = options.folds === null ? [] : ["training.epochs"];
    compareConfig({ training, hiddenDim: model.hiddenDim }, settings, free);
    if (run.state !== "finished") continue;
    const hash = await dataHash(flags, options, hashes);
    if (run.data.hash !== hash) throw new RunDataChanged(name, run.data.hash ?? "", hash);
    done.set(name, validationAuc(run));
  }
  return { begun, done };
}

/** @param known hashes by the options that change the data */
async function dataHash(flags: RunFlags, options: TrainingOptions, known: Map<string, string>): Promise<string> {
  const { auxiliary, pairWeights } = options;
  const key = `${auxiliary} ${pairWeights}`;
  const hash = known.get(key) ?? (await loadData(flags, options)).dataHash;
  known.set(key, hash);
  return hash;
}

async function answerTable(flags: GridFlags, trained: readonly TrainedRun[]): Promise<void> {
  const { chooseFromSweep, summarizeSweep } = await import("../runs");
  const points = summarizeSweep(trained);
  const choice = chooseFromSweep(points);
  const rows = points.map(({ label, runs, mean, sd }) => [label, runs.length, shown(mean), shown(sd)]);
  const seeds = points.map((point) => point.runs.map(({ seed, valAuc }) => `${seed}: ${shown(valAuc)}`).join(", "));
  const text = [
    table(
      ["settings", "runs", "val AUC, mean", "sd", "by seed"],
      rows.map((row, at) => [...row, seeds[at] ?? ""]),
    ),
    "",
    ...(choice === null ? ["no run has a validation AUC: the validation fold has no pairs"] : choiceLines(choice)),
  ].join("\n");
  answer(flags, { points, chosen: choice?.chosen ?? null, close: choice?.close ?? [] }, text);
}

function choiceLines({ chosen, close }: { chosen: SweepPoint; close: SweepPoint[] }): string[] {
  const others = close.map(({ label }) => label).join("; ");
  return [
    `chosen by validation AUC: ${chosen.label}`,
    ...(close.length === 0 ? [] : [`within one standard deviation of it, so not told apart: ${others}`]),
    `next: thumbrank evaluate --run ${chosen.runs[0]?.name}`,
  ];
}

const shown = (value: number | null): string => value?.toFixed(4) ?? "-";
