import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelOptions, type Paths, type SettingValue, settingValues, TrainingOptions } from "../config";
import { exists, foldersIn, mayBeAlive } from "../files";
import type { EpochRecord } from "../training";
import { latestCheckpoint } from "./checkpoint/read";
import { FOLDS } from "./cross-validate";
import { readHistory } from "./loggers/history";
import { type RunRecord, readRunRecord } from "./run-record";
import { assertRunBegun, readTrainedCard, runFolder, TRAINED } from "./trained";

/** `stopped`: begun, but neither trained to its end nor being trained by a living process. */
export type RunState = "finished" | "running" | "stopped";

/** What is known of a run without its weights and data. Runs of earlier versions have no record, so they know less. */
export interface RunDescription extends Partial<Pick<RunRecord, "versions" | "engine" | "result">> {
  name: string;
  state: RunState;
  /** When it was last trained to its end; null if it is not finished. */
  finishedAt: Date | null;
  /** When it was started; for a run of an earlier version, when it last wrote something. */
  startedAt: Date;
  /** The settings; null if it stopped before its first checkpoint. */
  config: RunRecord["config"] | null;
  /** Epochs it is to have at its end; null if it stopped before its first checkpoint. */
  epochs: number | null;
  /** `hash` is null if it stopped before its first checkpoint. */
  data: Partial<RunRecord["data"]>;
  history: readonly EpochRecord[];
}

/** Describes all runs of a home, in the order of their start. */
export async function listRuns(paths: Pick<Paths, "checkpoints" | "runs">): Promise<RunDescription[]> {
  const runs: RunDescription[] = [];
  for (const name of await foldersIn(paths.checkpoints)) runs.push(await describe(paths, name));
  return runs.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
}

/** Describes a run. @throws RunNameInvalid, RunUnknown */
export async function describeRun(paths: Pick<Paths, "checkpoints" | "runs">, name: string): Promise<RunDescription> {
  await assertRunBegun(paths, name);
  return describe(paths, name);
}

async function describe(paths: Pick<Paths, "checkpoints" | "runs">, name: string): Promise<RunDescription> {
  const results = join(paths.runs, name);
  const checkpoints = runFolder(paths, name);
  const record = await readRunRecord(results);
  const isRunning = await isTraining(results);
  if (record === null) {
    const older = await describeOlder(checkpoints, name);
    return isRunning ? { ...older, state: "running" } : older;
  }
  const { process: _, ...facts } = record;
  const isFinished = record.finishedAt !== null && (await exists(join(checkpoints, TRAINED)));
  const state = isRunning ? "running" : isFinished ? "finished" : "stopped";
  return { name, state, ...facts, history: (await readHistory(results)) ?? [] };
}

/** Whether a living process trains a run, or one of the folds that choose its number of epochs. */
async function isTraining(folder: string): Promise<boolean> {
  const process = (await readRunRecord(folder))?.process ?? null;
  if (process !== null && (await mayBeAlive(process))) return true;
  for (const fold of await foldersIn(join(folder, FOLDS))) if (await isTraining(join(folder, FOLDS, fold))) return true;
  return false;
}

/** Describes a run of an earlier version by its result, or else by its newest checkpoint. */
async function describeOlder(folder: string, name: string): Promise<RunDescription> {
  const card = await readTrainedCard(folder);
  const progress = card ?? (await latestCheckpoint(folder)).checkpoint?.state.progress;
  const { mtime } = await stat(card === null ? folder : join(folder, TRAINED));
  return {
    name,
    state: card === null ? "stopped" : "finished",
    finishedAt: card === null ? null : mtime,
    startedAt: mtime,
    config: progress?.config ?? null,
    epochs: progress?.config.training.epochs ?? null,
    ...(progress?.engine && { engine: progress.engine }),
    data: progress === undefined ? {} : { hash: progress.dataHash },
    history: progress?.history ?? [],
  };
}

/** The validation AUC of a run's weights: of the trained ones if it is finished, else of its last epoch. */
export function validationAuc({ result, history }: RunDescription): number | null {
  if (result) return (result.swa ?? result.plain).valAuc;
  return history.at(-1)?.valAuc ?? null;
}

/** A run's settings, in the order of their schemas; the widths of embeddings are no choice of a run. */
export function runSettings({ config }: Pick<RunDescription, "config">): SettingValue[] {
  if (config === null) return [];
  const shape = ModelOptions.omit({ clipDim: true, textDim: true });
  return [...settingValues(TrainingOptions, config.training), ...settingValues(shape, config.model)];
}
