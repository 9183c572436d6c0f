import { createHash } from "node:crypto";
import type * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import type { ModelOptions, TrainingOptions } from "../config";
import type { Engine } from "../engine";
import type { TrainingData } from "../features";
import type { Weights } from "../model";
import { epochOrder } from "./batches";
import { CheckpointMismatch, type Difference } from "./errors";
import { type EpochRecord, type EpochSums, NO_SUMS } from "./records";
import type { RunningAverage } from "./running-average";
import type { StepSetting } from "./step";
import { readVariables, type TrainingVariables, writeVariables } from "./variables";

/** What a step needs, and the average that goes with it. */
export interface TrainingSetting extends StepSetting {
  swa: RunningAverage;
}

/** Position of a training, in addition to the variables' values. */
export interface Position {
  /** Epochs done. */
  epoch: number;
  /** Steps done in the epoch in progress. */
  step: number;
  globalStep: number;
  sums: EpochSums;
  /** Epochs averaged so far. */
  swaCount: number;
  history: EpochRecord[];
}

export const START: Position = { epoch: 0, step: 0, globalStep: 0, sums: NO_SUMS, swaCount: 0, history: [] };

/** The schema of `EngineFacts`. */
export const EngineFacts = z.strictObject({
  name: z.string(),
  version: z.string(),
  device: z.string(),
  intraOpThreads: z.number().int().positive().optional(),
  interOpThreads: z.number().int().positive().optional(),
  precision: z.string().optional(),
  xla: z.boolean().optional(),
});
/** What computes a training, as far as the results may depend on it. */
export type EngineFacts = z.infer<typeof EngineFacts>;

/** Settings that a resumed run may change, since no step so far depended on them. */
const FREE = ["training.epochs", "training.folds", "training.recipe"];

/** Everything in a training state that is not a tensor: plain JSON, which round-trips exactly. */
export interface TrainingProgress {
  /** Epochs done; also the number of the epoch in progress, since epochs are numbered from 0. */
  epoch: number;
  /** Steps done in that epoch. */
  step: number;
  /** Steps done since the start of training: AdamW's t. */
  globalStep: number;
  /** Determines, with epoch and step, every future random choice. */
  seed: number;
  /** SHA-256 of the order of the pairs in the epoch in progress. */
  orderHash: string;
  /** `TrainingData.dataHash`. */
  dataHash: string;
  config: { model: ModelOptions; training: TrainingOptions };
  /** The engine that computed it; missing in older checkpoints. */
  engine?: EngineFacts | undefined;
  /** Epochs averaged so far. */
  swaCount: number;
  sums: EpochSums;
  history: EpochRecord[];
}

/** Everything that a run needs to continue at a step boundary as if it had never stopped. */
export interface TrainingState {
  tensors: {
    /** All weights, including BatchNorm statistics. */
    weights: Weights;
    /** AdamW's first and second moments of the trainable weights. */
    adamM: Weights;
    adamV: Weights;
    /** Averages of the trainable weights; empty while `swaCount` is 0. */
    swa: Weights;
  };
  progress: TrainingProgress;
}

/** Everything that a run needs to continue from here, as copies. */
export async function stateAt(
  setting: TrainingSetting,
  data: TrainingData,
  position: Position,
): Promise<TrainingState> {
  const { variables, swa } = setting;
  const { m, v } = splitMoments(variables);
  return {
    tensors: {
      weights: await readVariables(setting, variables.parameters),
      adamM: await readVariables(setting, m),
      adamV: await readVariables(setting, v),
      swa: await swa.read(position.swaCount),
    },
    progress: progressAt(setting, data, position),
  };
}

/**
 * Sets the variables to the values of a state.
 * @returns the training's new position
 * @throws CheckpointMismatch if options or data differ from those the state was made with
 */
export function resumeFrom(setting: TrainingSetting, data: TrainingData, state: TrainingState): Position {
  const { variables, swa } = setting;
  const { tensors, progress } = state;
  const { epoch, step, globalStep, sums, swaCount, history } = progress;
  const position = { epoch, step, globalStep, sums, swaCount, history };
  compareConfig(collectSettings(progress), collectSettings(progressAt(setting, data, position)));
  const { m, v } = splitMoments(variables);
  writeVariables(setting, variables.parameters, tensors.weights);
  writeVariables(setting, m, tensors.adamM);
  writeVariables(setting, v, tensors.adamV);
  swa.write(tensors.swa);
  return position;
}

function progressAt({ engine, model, options }: StepSetting, data: TrainingData, position: Position): TrainingProgress {
  const { epoch, step, globalStep, sums, swaCount, history } = position;
  return {
    epoch,
    step,
    globalStep,
    sums,
    swaCount,
    history,
    seed: options.seed,
    orderHash: hashOrder(epochOrder(data.pairs.train.winners.length, options.seed, epoch)),
    dataHash: data.dataHash,
    config: { model: model.options, training: options },
    engine: toEngineFacts(engine),
  };
}

/** The settings that a resumed run must share with the run it continues. */
function collectSettings({ config, dataHash, orderHash }: TrainingProgress): unknown {
  return { ...config, dataHash, orderHash };
}

function hashOrder(order: Int32Array): string {
  return createHash("sha256").update(order).digest("hex");
}

function splitMoments({ slots }: TrainingVariables): Record<"m" | "v", Record<string, tf.Variable>> {
  const entries = Object.entries(slots);
  return {
    m: Object.fromEntries(entries.map(([name, { m }]) => [name, m])),
    v: Object.fromEntries(entries.map(([name, { v }]) => [name, v])),
  };
}

export function toEngineFacts({ name, version, device, settings }: Engine): EngineFacts {
  return { name, version, device, ...settings };
}

/**
 * Describes engine facts that have changed since a checkpoint was made, such as "interOpThreads was 2, is 4"; null if
 * nothing has.
 * @param before unknown in older checkpoints
 */
export function describeEngineChange(before: EngineFacts | undefined, now: EngineFacts): string | null {
  const changes = findDifferences(before ?? now, now).map((each) => {
    return `${each.setting} was ${each.checkpoint ?? "none"}, is ${each.current ?? "none"}`;
  });
  return changes.length === 0 ? null : changes.join(", ");
}

/**
 * Compares a checkpoint's settings with those of the run that resumes it. The number of epochs, and how it was chosen,
 * may differ: more epochs only continue the same steps. So may the recipe, whose settings are compared one by one.
 * @param checkpoint the checkpoint's settings, such as `{ ...config, dataHash }`
 * @param current the same settings of the present run
 * @throws CheckpointMismatch with every difference
 */
export function compareConfig(checkpoint: unknown, current: unknown, free: readonly string[] = FREE): void {
  const differences = findDifferences(checkpoint, current).filter(({ setting }) => !free.includes(setting));
  if (differences.length > 0) throw new CheckpointMismatch(differences);
}

/** Leaves in which two nested records differ, by dotted path and in the order of names. */
function findDifferences(checkpoint: unknown, current: unknown): Difference[] {
  const was = flattenSettings(checkpoint);
  const is = flattenSettings(current);
  const settings = [...new Set([...was.keys(), ...is.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return settings
    .filter((setting) => JSON.stringify(was.get(setting)) !== JSON.stringify(is.get(setting)))
    .map((setting) => ({ setting, checkpoint: was.get(setting), current: is.get(setting) }));
}

function flattenSettings(value: unknown, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...flattenSettings(inner, path === "" ? name : `${path}.${name}`),
    ]),
  );
}
