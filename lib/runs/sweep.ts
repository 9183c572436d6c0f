import { groupBy, ThumbrankError } from "../base";
import { listSettings, TrainingOptions } from "../config";
import { isPlainName } from "../files";
import { mean } from "../metrics";

/** Most runs of a sweep: more are a mistake more often than a plan. */
export const MOST_SWEPT_RUNS = 100;

/** A setting of the training and the values to try, such as `learningRate` and 1e-5, 5e-5. */
export interface SweepAxis {
  /** Its name in the schema. */
  key: string;
  values: readonly unknown[];
}

/** One run of a sweep. */
export interface SweepRun {
  name: string;
  /** The values of this point of the grid, by the settings' names. */
  settings: Record<string, unknown>;
  /** The same for readers: "lr=5e-5"; "defaults" for a grid of seeds alone. */
  label: string;
  options: TrainingOptions;
}

/** A grid that has too many runs, or runs whose names are too long. */
export class SweepInvalid extends ThumbrankError {
  constructor(what: string, next: string) {
    super("SWEEP_INVALID", { what, next });
  }
}

/**
 * Lists the runs of a grid: each combination of the axes' values with each seed, all seeds of a combination in a row.
 * @param axes may be empty
 * @param seeds may be empty; then every run has the seed that `resolve` gives it
 * @param resolve completes the settings of a run; it throws if a value cannot be used
 * @throws SweepInvalid, and what `resolve` throws, so that nothing is trained before all settings are known to be valid
 */
export function planSweep(
  baseName: string,
  { axes, seeds }: { axes: readonly SweepAxis[]; seeds: readonly number[] },
  resolve: (settings: Record<string, unknown>) => TrainingOptions,
): SweepRun[] {
  const points = axes.reduce((count, { values }) => count * values.length, 1);
  const runs = points * Math.max(1, seeds.length);
  if (runs > MOST_SWEPT_RUNS)
    throw new SweepInvalid(
      `the grid has ${runs.toLocaleString("en-US")} runs, more than ${MOST_SWEPT_RUNS}`,
      "try fewer values at a time, around the best so far",
    );
  return combinations(axes).flatMap((settings) => {
    const seeded = seeds.length === 0 ? [{}] : seeds.map((seed) => ({ seed }));
    return seeded.map((seed): SweepRun => {
      const parts = [...named(settings, ""), ...named(seed, "")];
      const name = [baseName, ...parts].join("-").replace(/[^A-Za-z0-9._-]/g, "_");
      if (!isPlainName(name))
        throw new SweepInvalid(
          `${name} is too long for the name of a run: ${name.length} characters, at most 64`,
          "give a shorter name with --run, such as --run s",
        );
      const label = named(settings, "=").join(" ") || "defaults";
      return { name, settings, label, options: resolve({ ...settings, ...seed }) };
    });
  });
}

function combinations(axes: readonly SweepAxis[]): Record<string, unknown>[] {
  return axes.reduce<Record<string, unknown>[]>(
    (points, { key, values }) => points.flatMap((point) => values.map((value) => ({ ...point, [key]: value }))),
    [{}],
  );
}

/** Settings as texts, such as "lr5e-5". */
function named(settings: Record<string, unknown>, between: string): string[] {
  const flags = new Map(listSettings(TrainingOptions).map(({ key, flag }) => [key, flag]));
  return Object.entries(settings).map(([key, value]) => `${flags.get(key) ?? key}${between}${shortest(value)}`);
}

/** The same text for 0.00005 and 5e-5, so that a run keeps its name however its value is written. */
function shortest(value: unknown): string {
  if (typeof value !== "number") return String(value);
  const exponential = value.toExponential();
  return exponential.length < String(value).length ? exponential : String(value);
}

/** What the runs of one point of the grid ended with. */
export interface SweepPoint {
  settings: Record<string, unknown>;
  label: string;
  runs: { name: string; seed: number; valAuc: number | null }[];
  /** Mean validation AUC over the runs that have one; null if none has. */
  mean: number | null;
  /** Standard deviation over these runs (n - 1); null with fewer than two. */
  sd: number | null;
}

/** The points of a grid with their means and spreads, in the order of the grid. */
export function summarizeSweep(runs: readonly (SweepRun & { valAuc: number | null })[]): SweepPoint[] {
  return [...groupBy(runs, ({ label }) => label)].map(([label, own]) => {
    const values = own.flatMap(({ valAuc }) => valAuc ?? []);
    return {
      settings: own[0]?.settings ?? {},
      label,
      runs: own.map(({ name, options, valAuc }) => ({ name, seed: options.seed, valAuc })),
      mean: values.length === 0 ? null : mean(values),
      sd: sampleDeviation(values),
    };
  });
}

function sampleDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/**
 * Chooses the point with the highest mean validation AUC.
 * @returns it, and the others whose mean is lower by no more than the larger standard deviation of the two; null if no
 *   run has a validation AUC
 */
export function chooseFromSweep(points: readonly SweepPoint[]): { chosen: SweepPoint; close: SweepPoint[] } | null {
  const measured = points.filter((point): point is SweepPoint & { mean: number } => point.mean !== null);
  const [chosen, ...others] = measured.toSorted((a, b) => b.mean - a.mean);
  if (chosen === undefined) return null;
  const close = others.filter((other) => chosen.mean - other.mean <= Math.max(chosen.sd ?? 0, other.sd ?? 0));
  return { chosen, close };
}
