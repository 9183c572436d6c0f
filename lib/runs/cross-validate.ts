import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { at } from "../base";
import type { Paths, TrainingOptions } from "../config";
import { divideChannels, selectFold, type TrainingData } from "../features";
import { makeFolder } from "../files";
import { batchSizes, type EpochRecord, type Trainer } from "../training";
import { type FoldResult, toFoldResult } from "./folds";
import { readHistory } from "./loggers/history";
import { clearRun, type RunOptions, trainRun } from "./run";
import { readRunRecord } from "./run-record";
import { runFolder } from "./trained";

/** Folder of the folds' checkpoints and results within a run's folders. */
export const FOLDS = "folds";

const TOO_FEW =
  "the number of epochs cannot be chosen by cross-validation: fewer than two training channels have pairs";

/** What a cross-validation trains, and where it writes. */
export interface CrossValidation
  extends Pick<RunOptions, "name" | "resume" | "overwrite" | "checkpointMinutes" | "checkpointSteps" | "signal"> {
  paths: Pick<Paths, "checkpoints" | "runs">;
  data: TrainingData;
  /** Settings of the run; each fold is trained for `epochs` epochs, without averaging weights. */
  training: TrainingOptions;
  /** Folds wanted; a fold has at least one channel, so there may be fewer. */
  folds: number;
  /** Opens a training on some data; it is disposed at the fold's end. */
  openTrainer(data: TrainingData, training: TrainingOptions): Trainer;
}

export type FoldEvent =
  /** Steps done and to do, in all folds and in the training that follows, if that trains for all epochs. */
  | { kind: "progress"; done: number; total: number }
  /** A fold that is done, counted from 0. */
  | { kind: "fold"; fold: number; result: FoldResult }
  | { kind: "notice"; message: string };

/**
 * Cross-validation over channels: divides the training channels into folds, and trains on all folds but one, each in
 * turn, with its validation AUC after each epoch. Validation and test channels and later videos take no part.
 * A fold that is done is kept in `runs/NAME/folds`, and one that was interrupted continues from its checkpoint, so a
 * resumed cross-validation gives the results of an uninterrupted one.
 * @returns the folds' results, none if there are fewer than two channels; null if the signal stopped it
 * @throws what `trainRun` throws
 */
export async function* crossValidate(options: CrossValidation): AsyncGenerator<FoldEvent, FoldResult[] | null> {
  const { name, paths, data, training, folds } = options;
  const work = { checkpoints: join(runFolder(paths, name), FOLDS), runs: join(paths.runs, name, FOLDS) };
  if (options.resume === undefined) {
    await clearRun(options);
    await rm(work.runs, { recursive: true, force: true });
  }
  const divided = divideChannels(data, folds, training.seed);
  if (divided.length < 2) {
    yield { kind: "notice", message: TOO_FEW };
    return [];
  }
  if (divided.length < folds)
    yield { kind: "notice", message: `${divided.length} folds: only so many training channels have pairs` };
  await makeFolder(work.checkpoints);

  const parts = divided.map((channels) => selectFold(data, channels));
  const steps = [...parts, data].map((part) => countSteps(part, training));
  const total = steps.reduce((sum, count) => sum + count, 0);
  const results: FoldResult[] = [];
  let done = 0;
  for (const [fold, part] of parts.entries()) {
    const history = yield* trainFold(options, { name: `fold-${fold + 1}`, part, paths: work, done, total });
    if (history === null) return null;
    const result = toFoldResult(part, at(divided, fold).length, history);
    results.push(result);
    done += at(steps, fold);
    yield { kind: "fold", fold, result };
  }
  await rm(work.checkpoints, { recursive: true, force: true });
  return results;
}

function countSteps({ pairs }: TrainingData, { epochs, batchSize }: TrainingOptions): number {
  return epochs * batchSizes(pairs.train.winners.length, batchSize).length;
}

interface FoldWork {
  name: string;
  part: TrainingData;
  paths: { checkpoints: string; runs: string };
  /** Steps of the folds before it, and of everything. */
  done: number;
  total: number;
}

/** @returns the history of the fold's training, or null if the signal stopped it */
async function* trainFold(
  { training, openTrainer, signal, checkpointMinutes, checkpointSteps }: CrossValidation,
  { name, part, paths, done, total }: FoldWork,
): AsyncGenerator<FoldEvent, readonly EpochRecord[] | null> {
  const settings = { ...training, useSwa: false };
  const kept = await keptHistory(join(paths.runs, name), part, settings);
  if (kept !== null) return kept;
  const pipeline = openTrainer(part, settings);
  const run = trainRun({
    name,
    paths: { ...paths, models: paths.checkpoints },
    pipeline,
    numEpochs: training.epochs,
    resume: "latest",
    ...(signal && { signal }),
    ...(checkpointMinutes && { checkpointMinutes }),
    ...(checkpointSteps && { checkpointSteps }),
  });
  try {
    for (;;) {
      const event = await run.next();
      if (event.done) return event.value && pipeline.history;
      if (event.value.kind === "step") yield { kind: "progress", done: done + event.value.globalStep, total };
    }
  } finally {
    // Where the consumer left, this writes a checkpoint.
    await run.return(null);
    pipeline.dispose();
  }
}

/** The history of a fold that was trained to its end with these data and settings; null if there is none. */
async function keptHistory(
  folder: string,
  { dataHash }: TrainingData,
  settings: TrainingOptions,
): Promise<EpochRecord[] | null> {
  const record = await readRunRecord(folder);
  if (record === null || record.finishedAt === null || record.data.hash !== dataHash) return null;
  return isDeepStrictEqual(record.config.training, settings) ? readHistory(folder) : null;
}
