import * as tf from "@tensorflow/tfjs";
import { at, concatenated } from "../base";
import type { TrainingOptions } from "../config";
import type { Compiled, TypedArray } from "../engine";
import type { PairSet, TrainingData } from "../features";
import { type Batch, batchSizes, epochOrder, makeBatch } from "./batches";
import { TrainingDiverged, TrainingPairsMissing } from "./errors";
import { hyperparameters } from "./groups";
import { forEachLoss, LOSSES, totalLoss } from "./losses";
import type { Pace } from "./pipeline-options";
import type { Position } from "./position";
import { addStep, type StepRecord, type StepValues } from "./records";
import { type Fed, type StepSetting, trainingStep } from "./step";

/** Most steps per call: more take longer to compile and gain little. */
const MAX_STEPS_PER_CALL = 8;

/**
 * Longest call with several steps: training cannot be stopped during a call, and the masks and rows of many large
 * batches push everything else out of the caches.
 */
const MAX_CALL_MS = 100;

/** Steps done in one call of the engine. */
export interface StepsDone {
  /** Position after the steps; if a step failed or diverged, before that step. */
  position: Position;
  records: StepRecord[];
  /** Error of the step after those. It cannot be undone: the weights no longer belong to a position. */
  failure: { error: unknown } | null;
}

/**
 * Runs training steps: one per call of the engine, or several short ones if the engine compiles them. While a call
 * computes, the batches of the next one are made.
 */
export class MultiStepRunner {
  readonly #setting: StepSetting;
  readonly #pairs: PairSet;
  /** Pairs of each batch of an epoch. */
  readonly #sizes: number[];
  /** By steps and pairs per call. */
  readonly #compiled = new Map<string, Compiled>();
  readonly #stepsPerCall: number;
  /** Single steps to run before several go into one call. */
  #singleStepsLeft: number;
  #stepMs = Number.POSITIVE_INFINITY;
  #order: { epoch: number; pairs: Int32Array } | null = null;
  /** Batches made in advance, for the steps from `globalStep` on. */
  #ahead: { globalStep: number; batches: Batch[] } = { globalStep: 0, batches: [] };

  /** @throws TrainingPairsMissing */
  constructor(setting: StepSetting, { pairs }: TrainingData, { lossesEvery, singlesFirst }: Pace) {
    const { batchSize } = setting.options;
    this.#setting = setting;
    this.#pairs = pairs.train;
    this.#sizes = batchSizes(pairs.train.winners.length, batchSize);
    if (this.#sizes.length === 0) throw new TrainingPairsMissing(pairs.train.winners.length, batchSize);
    this.#stepsPerCall = canJoinSteps(setting) ? Math.min(lossesEvery, MAX_STEPS_PER_CALL) : 1;
    this.#singleStepsLeft = singlesFirst;
  }

  get stepsPerEpoch(): number {
    return this.#sizes.length;
  }

  /**
   * Runs one call, of at least one step.
   * @param mostSteps most steps it may run
   */
  async run(from: Position, mostSteps: number): Promise<StepsDone> {
    const done: StepsDone = { position: from, records: [], failure: null };
    try {
      const batches = this.#batchesFrom(from, this.#stepsOfCall(from, mostSteps));
      const values = await this.#call(from, batches);
      for (const [index, { size }] of batches.entries()) this.#record(done, at(values, index), size);
    } catch (error) {
      done.failure = { error };
    }
    return done;
  }

  dispose(): void {
    for (const compiled of this.#compiled.values()) compiled.dispose();
  }

  /** Several if enough batches of one size follow, else one. */
  #stepsOfCall({ step }: Position, mostSteps: number): number {
    const count = this.#stepsPerCall;
    const isShort = this.#singleStepsLeft <= 0 && count * this.#stepMs <= MAX_CALL_MS;
    const isOneSize = this.#sizes[step] === this.#sizes[step + count - 1];
    return isShort && isOneSize && count <= mostSteps ? count : 1;
  }

  async #call(from: Position, batches: readonly Batch[]): Promise<StepValues[]> {
    const count = batches.length;
    const compiled = this.#compiledFor(batches);
    const began = performance.now();
    const running = runSteps(compiled, batches, this.#setting, from.globalStep);
    this.#makeAhead({ ...from, step: from.step + count, globalStep: from.globalStep + count }, count);
    const values = await running;
    this.#stepMs = (performance.now() - began) / count;
    if (count === 1) this.#singleStepsLeft--;
    return values;
  }

  #record(done: StepsDone, values: StepValues, pairs: number): void {
    const { epoch, step, globalStep, sums } = done.position;
    const { learningRate } = this.#setting.options;
    if (!allFinite(values)) throw new TrainingDiverged(values, epoch, step, learningRate);
    const next = { step: step + 1, globalStep: globalStep + 1, sums: addStep(sums, values, pairs, this.#stepMs) };
    done.position = { ...done.position, ...next };
    done.records.push({
      kind: "step",
      epoch,
      step,
      stepsPerEpoch: this.stepsPerEpoch,
      globalStep: globalStep + 1,
      learningRate,
      ...values,
    });
  }

  /** Batches of the next `count` steps, all of one epoch. */
  #batchesFrom(from: Position, count: number): Batch[] {
    const ahead = this.#ahead.globalStep === from.globalStep ? this.#ahead.batches : [];
    return Array.from({ length: count }, (_, index) => ahead[index] ?? this.#batchOf(from, index));
  }

  /** Makes the batches of the next `count` steps, as far as the epoch has them. */
  #makeAhead(from: Position, count: number): void {
    const left = this.stepsPerEpoch - from.step;
    this.#ahead = { globalStep: from.globalStep, batches: this.#batchesFrom(from, Math.min(count, left)) };
  }

  #batchOf({ epoch, step, globalStep }: Position, index: number): Batch {
    const { options } = this.#setting;
    const { length } = this.#pairs.winners;
    if (this.#order?.epoch !== epoch) this.#order = { epoch, pairs: epochOrder(length, options.seed, epoch) };
    const start = (step + index) * options.batchSize;
    const pairs = this.#order.pairs.subarray(start, start + at(this.#sizes, step + index));
    return makeBatch(this.#pairs, pairs, options, globalStep + index);
  }

  #compiledFor(batches: readonly Batch[]): Compiled {
    const count = batches.length;
    const { size } = at(batches, 0);
    const key = `${count} of ${size}`;
    const compiled = this.#compiled.get(key) ?? compileSteps(this.#setting, size, count);
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/**
 * False if nothing is compiled, if XLA would compile for too long, if each step must be checked first, or if a step is
 * long since it trains a tower.
 */
function canJoinSteps({ engine: { settings, checksNumerics }, tower }: StepSetting): boolean {
  return settings !== undefined && !settings.xla && !checksNumerics && tower === undefined;
}

/**
 * Compiles several consecutive training steps into one call of the engine. Within a call nothing waits for JavaScript,
 * and work that does not need a step's new weights runs while the previous step still updates them; the values are
 * bit-identical to those of single steps.
 * @param size pairs per batch
 * @param count steps per call
 */
export function compileSteps(setting: StepSetting, size: number, count = 1): Compiled {
  const steps = (...inputs: tf.Tensor[]) => {
    const fed = inputs.map((input) => tf.unstack(input));
    const results = Array.from({ length: count }, (_, index) => {
      const [rows, partners, pairWeights, lambda, dropoutSeed, hyper, pictures] = fed.map((each) => each[index]);
      return trainingStep(setting, { rows, partners, pairWeights, lambda, dropoutSeed, hyper, pictures } as Fed);
    });
    return [tf.stack(results)];
  };
  const groups = setting.variables.groups.list.length;
  return setting.engine.jit(
    steps,
    { shape: [count, 2 * size], dtype: "int32" },
    { shape: [count, 2 * size], dtype: "int32" },
    { shape: [count, size] },
    { shape: [count] },
    { shape: [count], dtype: "int32" },
    { shape: groups === 1 ? [count, 4] : [count, groups, 4] },
    ...(setting.tower ? [{ shape: [count, 2 * size, ...setting.tower.inputShape] }] : []),
  );
}

/**
 * Runs compiled steps, one for each batch.
 * @param globalStep steps done before
 */
export async function runSteps(
  compiled: Compiled,
  batches: readonly Batch[],
  { options, tower, variables }: Pick<StepSetting, "options" | "tower" | "variables">,
  globalStep: number,
): Promise<StepValues[]> {
  const pictures = await Promise.all(batches.map(async ({ rows }) => (tower ? [await tower.read(rows)] : [])));
  const fed = batches.map((batch, index) => [
    ...feed(batch),
    hyperparameters(options, variables.groups.list, globalStep + index + 1),
    ...at(pictures, index),
  ]);
  const inputs = (fed[0] ?? []).map((_, place) => concatenated(fed.map((each) => each[place] as TypedArray)));
  const [values] = (await compiled(...inputs)) as [Float32Array];
  const width = LOSSES.length + 1;
  return batches.map((_, index) => toStepValues(values.subarray(width * index, width * (index + 1)), options));
}

/** @param values what `trainingStep` returned, [terms + 1] */
function toStepValues(values: Float32Array, options: TrainingOptions): StepValues {
  const losses = forEachLoss((_, index) => at(values, index));
  return { ...losses, total: totalLoss(losses, options), gradNorm: at(values, LOSSES.length) };
}

/** The inputs that a batch feeds to a compiled step, without those of AdamW. */
export function feed({ rows, partners, pairWeights, lambda, dropoutSeed }: Batch): TypedArray[] {
  return [rows, partners, pairWeights, Float32Array.of(lambda), Int32Array.of(dropoutSeed)];
}

function allFinite(values: StepValues): boolean {
  return Object.values(values).every((value: number) => Number.isFinite(value));
}
