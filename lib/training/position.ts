import { createHash } from "node:crypto";
import type * as tf from "@tensorflow/tfjs";
import type { TrainingData } from "../features";
import { epochOrder } from "./batches";
import { compareConfig } from "./compare-config";
import { factsOf } from "./engine-facts";
import { type EpochRecord, type EpochSums, NO_SUMS } from "./records";
import type { RunningAverage } from "./running-average";
import type { TrainingProgress, TrainingState } from "./state";
import type { StepSetting } from "./step";
import { readVariables, type TrainingVariables, writeVariables } from "./variables";

/** What a step needs, and the average that goes with it. */
export interface TrainingSetting extends StepSetting {
  swa: RunningAverage;
}

/** Where a training stands, beyond what the variables hold. */
export interface Position {
  /** Epochs done. */
  epoch: number;
  /** Steps done of the epoch in progress. */
  step: number;
  globalStep: number;
  sums: EpochSums;
  /** Epochs averaged so far. */
  swaCount: number;
  history: EpochRecord[];
}

export const START: Position = { epoch: 0, step: 0, globalStep: 0, sums: NO_SUMS, swaCount: 0, history: [] };

/** All that a run needs to go on from here, as copies. */
export async function stateAt(
  setting: TrainingSetting,
  data: TrainingData,
  position: Position,
): Promise<TrainingState> {
  const { variables, swa } = setting;
  const { m, v } = momentsOf(variables);
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
 * Gives a state's values to the variables.
 * @returns where the training then stands
 * @throws CheckpointMismatch where options or data differ from those the state was made with
 */
export function resumeFrom(setting: TrainingSetting, data: TrainingData, state: TrainingState): Position {
  const { variables, swa } = setting;
  const { tensors, progress } = state;
  const { epoch, step, globalStep, sums, swaCount, history } = progress;
  const position = { epoch, step, globalStep, sums, swaCount, history };
  compareConfig(settingsOf(progress), settingsOf(progressAt(setting, data, position)));
  const { m, v } = momentsOf(variables);
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
    orderHash: hashOf(epochOrder(data.pairs.train.winners.length, options.seed, epoch)),
    dataHash: data.dataHash,
    config: { model: model.options, training: options },
    engine: factsOf(engine),
  };
}

/** What a resumed run must have in common with the one before. */
function settingsOf({ config, dataHash, orderHash }: TrainingProgress): unknown {
  return { ...config, dataHash, orderHash };
}

function hashOf(order: Int32Array): string {
  return createHash("sha256").update(order).digest("hex");
}

function momentsOf({ slots }: TrainingVariables): Record<"m" | "v", Record<string, tf.Variable>> {
  const entries = Object.entries(slots);
  return {
    m: Object.fromEntries(entries.map(([name, { m }]) => [name, m])),
    v: Object.fromEntries(entries.map(([name, { v }]) => [name, v])),
  };
}
