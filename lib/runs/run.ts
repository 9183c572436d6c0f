import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../config";
import type { Engine } from "../engine";
import type { TrainingData } from "../features";
import { makeFolder, namesIn, writeFolder } from "../files";
import type { ThumbnailRankingModel } from "../model";
import {
  describeEngineChange,
  type EpochRecord,
  forecaster,
  isAtEpoch,
  openPredictor,
  type StepRecord,
  Trainer,
  type TrainingResult,
  toEngineFacts,
} from "../training";
import { type ChannelOffsets, fitChannelOffsets } from "./channel-offsets";
import { type CheckpointKind, latestCheckpoint, readCheckpoint } from "./checkpoint/read";
import { toFiles, writeCheckpoint } from "./checkpoint/write";
import { CheckpointEpochMismatch, RunExists } from "./errors";
import type { FoldResult } from "./folds";
import type { LoggedRun } from "./loggers/logger";
import { openLoggers } from "./loggers/loggers";
import { recordEnd, recordStart } from "./run-record";
import { runFolder, writeTrained } from "./trained";

/** The guide keeps a checkpoint every 50 epochs. */
const KEPT_EPOCHS = 50;

/** Options of a training and of everything it writes. */
export interface RunOptions {
  /** Name of the folders below checkpoints and runs. */
  name: string;
  paths: Pick<Paths, "checkpoints" | "models" | "runs">;
  pipeline: Trainer;
  numEpochs: number;
  /** `latest`, or a checkpoint's folder; a new start if omitted. */
  resume?: string;
  /** Removes the files of an earlier run of this name; otherwise a new start in its folder is refused. */
  overwrite?: boolean;
  /** Minutes between rolling checkpoints. */
  checkpointMinutes?: number;
  /** Also writes a rolling checkpoint after this many steps. */
  checkpointSteps?: number;
  /** Stops at the next step, after writing a rolling checkpoint. */
  signal?: AbortSignal;
  /** Where loggers look up logins, such as for Weights & Biases; none if omitted. */
  environment?: NodeJS.ProcessEnv;
  /** How the folds did that the number of epochs was chosen by; stored with the result. */
  folds?: FoldResult[];
  /**
   * Makes an encoder of the tower that the run trained, and returns the data with its vectors, on which the heads are
   * evaluated and exported like any others. For a run that trains a tower.
   */
  tuned?: (trained: ThumbnailRankingModel) => Promise<TrainingData>;
  /** Clock in ms, for the rolling checkpoints. */
  now?: () => number;
}

export type RunEvent =
  | StepRecord
  | EpochRecord
  | { kind: "checkpoint"; path: string }
  | { kind: "notice"; message: string };

/** The result of a finished run. */
export interface RunResult extends TrainingResult {
  model: ThumbnailRankingModel;
  /** Folder of the trained weights. */
  trained: string;
}

/**
 * Trains a pipeline to its end, with checkpoints (one every 50 epochs, rolling ones in between), its record,
 * history file and TensorBoard events. If the caller stops asking for events, for example with `break`, the run stops after a rolling
 * checkpoint. A resumed run gives byte-identical weights to an uninterrupted run.
 * @returns the result, or null if the signal stopped it
 * @throws RunNameInvalid, RunExists, CheckpointMissing, CheckpointDamaged, CheckpointMismatch, CheckpointNotWritten,
 *   TrainingDiverged
 */
export async function* trainRun(options: RunOptions): AsyncGenerator<RunEvent, RunResult | null> {
  const { name, paths, pipeline, numEpochs, signal, checkpointSteps } = options;
  if (options.resume === undefined) await clearRun(options);
  else yield* resumed(options, options.resume);
  // Makes a run that is killed before its first checkpoint count as begun.
  await makeFolder(runFolder(paths, name));
  const results = join(paths.runs, name);
  const record = await recordStart(results, pipeline, {
    epochs: numEpochs,
    isResumed: options.resume !== undefined,
  });
  const loggers = await openLoggers(loggedRun(options));
  for (const message of loggers.notices) yield { kind: "notice", message };
  const isDue = rollingClock(options);
  const forecast = forecaster(pipeline.engine, numEpochs, options.now ?? Date.now);
  // If the consumer breaks off, a generator ends at its yield: nothing is thrown, and no code after it runs.
  let isLeft = false;
  let result: FinishedResult | null = null;
  try {
    const events = pipeline.events({
      numEpochs,
      ...(signal && { signal }),
      ...(checkpointSteps && { pauseEvery: checkpointSteps }),
    });
    for (;;) {
      const { done, value } = await events.next();
      if (done) {
        if (value === null) return yield* stopped(options);
        result = await finished(options, value);
        await loggers.finished(result);
        return result;
      }
      if (value.kind === "epoch") await loggers.epoch(value);
      const told = value.kind === "step" ? forecast(value) : null;
      isLeft = true;
      if (told !== null) yield { kind: "notice", message: told };
      yield value;
      isLeft = false;
      if (value.kind === "epoch" && isKept(value, numEpochs)) yield await save(options, "kept");
      else if (value.kind === "step" && isDue(value)) yield await save(options, "rolling");
    }
  } finally {
    if (isLeft) await save(options, "rolling");
    await loggers.close();
    await recordEnd(results, record, result);
  }
}

/**
 * Prepares the folder of a new run: a start among older checkpoints would make `latest` choose between two runs.
 * @throws RunExists
 */
export async function clearRun({
  name,
  paths,
  overwrite = false,
}: Pick<RunOptions, "name" | "overwrite"> & { paths: Pick<Paths, "checkpoints"> }): Promise<void> {
  const folder = runFolder(paths, name);
  if (overwrite) await rm(folder, { recursive: true, force: true });
  else if ((await namesIn(folder)).length > 0) throw new RunExists(name, folder);
}

async function* resumed({ name, paths, pipeline }: RunOptions, resume: string): AsyncGenerator<RunEvent, void> {
  const folder = runFolder(paths, name);
  const { checkpoint, warnings } =
    resume === "latest" ? await latestCheckpoint(folder) : { checkpoint: await readCheckpoint(resume), warnings: [] };
  for (const message of warnings) yield { kind: "notice", message };
  if (checkpoint === null)
    return yield { kind: "notice", message: `there is no checkpoint in ${folder}: starting from the beginning` };
  pipeline.restore(checkpoint.state);
  const { epoch, step, engine } = checkpoint.state.progress;
  yield { kind: "notice", message: `resumed from ${checkpoint.path}: epoch ${epoch}, step ${step}` };
  const change = describeEngineChange(engine, toEngineFacts(pipeline.engine));
  if (change !== null)
    yield { kind: "notice", message: `results may differ from those of a run that never stopped: ${change}` };
}

function loggedRun({ name, paths, pipeline, environment = {} }: RunOptions): LoggedRun {
  const { options, modelOptions, data, history, position } = pipeline;
  const encoders = { image: data.identities.image.model, text: data.identities.text.model };
  const settings = { ...options, hiddenDim: modelOptions.hiddenDim, ...encoders };
  return { name, paths, options, settings, history, firstEpoch: position.epoch, environment };
}

async function save({ paths, name, pipeline }: RunOptions, kind: CheckpointKind): Promise<RunEvent> {
  const path = await writeCheckpoint(runFolder(paths, name), await pipeline.state(), kind);
  return { kind: "checkpoint", path };
}

async function* stopped(options: RunOptions): AsyncGenerator<RunEvent, null> {
  yield await save(options, "rolling");
  return null;
}

/** The result of a finished run, and the data that it is to be evaluated on. */
interface FinishedResult extends RunResult {
  data: TrainingData;
}

async function finished(
  { paths, name, pipeline, folds, tuned }: RunOptions,
  result: TrainingResult,
): Promise<FinishedResult> {
  const whole = pipeline.trained as ThumbnailRankingModel;
  const data = tuned === undefined ? pipeline.data : await tuned(whole);
  const model = whole.withoutTower();
  const { engine, options: training } = pipeline;
  const { history } = (await pipeline.state()).progress;
  const facts = { model, training, engine: toEngineFacts(engine), dataHash: data.dataHash, history };
  const channelOffsets = await offsetsOf(engine, data, model);
  const trained = await writeTrained(runFolder(paths, name), { ...facts, channelOffsets, ...(folds && { folds }) });
  return { ...result, model, trained, data };
}

/** What each training channel's past says beside the trained model. */
async function offsetsOf(
  engine: Engine,
  data: TrainingData,
  model: ThumbnailRankingModel,
): Promise<ChannelOffsets | undefined> {
  const predictor = openPredictor(engine, model);
  try {
    return fitChannelOffsets(data, (await predictor.predict(data.features)).scores) ?? undefined;
  } finally {
    predictor.dispose();
  }
}

function isKept({ epoch }: EpochRecord, numEpochs: number): boolean {
  return (epoch + 1) % KEPT_EPOCHS === 0 || epoch + 1 === numEpochs;
}

/**
 * Whether a rolling checkpoint is due after a step, by steps or by minutes; never while later steps are already done.
 */
function rollingClock({ pipeline, checkpointMinutes = 5, checkpointSteps, now = Date.now }: RunOptions) {
  let last = now();
  return ({ globalStep }: StepRecord): boolean => {
    if (globalStep < pipeline.position.globalStep) return false;
    const bySteps = checkpointSteps !== undefined && globalStep % checkpointSteps === 0;
    if (!bySteps && now() - last < checkpointMinutes * 60_000) return false;
    last = now();
    return true;
  };
}

/** The guide's pipeline: a trainer that can also save and load checkpoints. */
export class TrainingPipeline extends Trainer {
  /**
   * Writes the state to a folder of this name, atomically.
   * @param path such as `checkpoints/model_epoch_100`; a `.pt` suffix, as in the guide, is dropped
   * @param epoch number of epochs done, or the last one done, as a check
   */
  async saveCheckpoint(path: string, epoch: number): Promise<void> {
    const { epoch: done, step } = this.position;
    if (!isAtEpoch(epoch, done)) throw new CheckpointEpochMismatch(epoch, done, step);
    await writeFolder(path.replace(/\.pt$/, ""), toFiles(await this.state()));
  }

  /**
   * Continues from a checkpoint.
   * @param path its folder; a `.pt` suffix is dropped
   * @throws CheckpointMissing, CheckpointDamaged, CheckpointMismatch
   */
  async loadCheckpoint(path: string): Promise<void> {
    this.restore((await readCheckpoint(path)).state);
  }
}
