import type { z } from "zod";
import { configure, TrainingOptions } from "../config";
import type { Compiled, Engine } from "../engine";
import type { ThumbnailRankingModel } from "../model";
import { type Batch, batchSizes, epochOrder, makeBatch } from "./batches";
import { checkFeatures } from "./check-features";
import { readCheckpoint, writeFolder } from "./checkpoint";
import { filesOf } from "./checkpoint/write";
import type { TrainingData } from "./data";
import * as errors from "./errors";
import { finishTraining } from "./finish";
import { type Position, resumeFrom, START, stateAt } from "./position";
import { type Predictor, predictorOf } from "./predict";
import type { EpochRecord, StepRecord, TrainingResult } from "./records";
import type { TrainingState } from "./state";
import { allFinite, compileStep, runStep, type StepSetting } from "./step";
import { addStep, meansOf, NO_SUMS, type TrainingEvent } from "./sums";
import { averageAfter } from "./swa";
import { validate, type Watch, watchOf } from "./validate";
import { disposeVariables, trainingVariables } from "./variables";

/** The guide's settings, beside the model and what it is trained on. */
export interface PipelineOptions extends z.input<typeof TrainingOptions> {
  model: ThumbnailRankingModel;
  engine: Engine;
  data: TrainingData;
}

/** How far to train. */
export interface TrainOptions {
  /** Epochs in all, counted from 0; `numEpochs: 200` ends with epoch 199. */
  numEpochs: number;
  /** Where the caller takes the training to stand; it goes on exactly where it stands, and refuses another epoch. */
  startEpoch?: number;
  /** Stops at the next step boundary, where a checkpoint may be taken. */
  signal?: AbortSignal;
}

/**
 * Trains a model on an engine. Every random choice is a function of the seed, the epoch and the step, so a training
 * resumed from a state, taken between any two records, equals one that never stopped, bit for bit on one engine.
 */
export class TrainingPipeline {
  readonly options: TrainingOptions;
  readonly engine: Engine;
  readonly #setting: StepSetting;
  readonly #data: TrainingData;
  readonly #sizes: number[];
  readonly #watched: { predictor: Predictor; watch: Watch };
  readonly #compiled = new Map<number, Compiled>();
  #position: Position = START;
  #underWay: boolean = false;
  #result: TrainingResult | null = null;
  #trained: ThumbnailRankingModel | null = null;

  /**
   * @throws ConfigInvalid for impossible settings
   * @throws TrainingPairsMissing, FeatureWidthMismatch, FeatureStorageMismatch for data that cannot be trained on
   */
  constructor({ model, engine, data, ...settings }: PipelineOptions) {
    this.options = configure(TrainingOptions, settings);
    checkFeatures(data, model.options, this.options);
    const pairs = data.pairs.train.winners.length;
    this.#sizes = batchSizes(pairs, this.options.batchSize);
    if (this.#sizes.length === 0) throw new errors.TrainingPairsMissing(pairs, this.options.batchSize);
    this.#data = data;
    this.engine = engine;
    this.#setting = { engine, model, options: this.options, variables: trainingVariables(engine, model, data) };
    const predictor = predictorOf(engine, model, this.#setting.variables.parameters);
    this.#watched = { predictor, watch: watchOf(data, this.options.seed) };
  }

  /** Epochs done, and steps done of the epoch in progress. */
  get position(): { epoch: number; step: number; globalStep: number } {
    const { epoch, step, globalStep } = this.#position;
    return { epoch, step, globalStep };
  }

  get stepsPerEpoch(): number {
    return this.#sizes.length;
  }

  /** Records of all epochs so far, those before a resume included. */
  get history(): readonly EpochRecord[] {
    return this.#position.history;
  }

  /** Validation metrics of the last weights and of the averaged ones; null until a training has ended. */
  get result(): TrainingResult | null {
    return this.#result;
  }

  /** The model a training ended with: the averaged weights where SWA was in use; null until one has ended. */
  get trained(): ThumbnailRankingModel | null {
    return this.#trained;
  }

  /**
   * Trains and yields a record an epoch.
   * @returns the result, or null where it was stopped by the signal
   * @throws StartEpochMismatch, TrainingDiverged
   */
  async *train(options: TrainOptions): AsyncGenerator<EpochRecord, TrainingResult | null> {
    const events = this.events(options);
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      if (value.kind === "epoch") yield value;
    }
  }

  /** As `train`, with a record a step besides, for progress bars and rolling checkpoints. */
  async *events({ numEpochs, startEpoch, signal }: TrainOptions): AsyncGenerator<TrainingEvent, TrainingResult | null> {
    const { epoch } = this.#position;
    if (startEpoch !== undefined && !isAt(startEpoch, epoch)) throw new errors.StartEpochMismatch(startEpoch, epoch);
    while (this.#position.epoch < numEpochs) {
      yield* this.#steps(signal);
      if (signal?.aborted) return null;
      yield await this.#exclusively(() => this.#endEpoch());
    }
    return this.#exclusively(() => this.#finish());
  }

  /** Everything needed to go on from here, as copies. To be called between two records. */
  async state(): Promise<TrainingState> {
    return this.#exclusively(() => stateAt(this.#setting, this.#data, this.#position));
  }

  /**
   * Goes back, or on, to a state.
   * @throws CheckpointMismatch where options or data differ from those it was made with
   */
  restore(state: TrainingState): void {
    if (this.#underWay) throw new errors.StepUnderWay();
    this.#position = resumeFrom(this.#setting, this.#data, state);
  }

  /**
   * Writes the state to a folder of this name, whole or not at all.
   * @param path such as `checkpoints/model_epoch_100`; an ending `.pt`, as in the guide, is left off
   * @param epoch epochs done, or the last one done, as a check
   */
  async saveCheckpoint(path: string, epoch: number): Promise<void> {
    const { epoch: done, step } = this.#position;
    if (!isAt(epoch, done)) throw new errors.CheckpointEpochMismatch(epoch, done, step);
    await writeFolder(path.replace(/\.pt$/, ""), filesOf(await this.state()));
  }

  /**
   * Goes on from a checkpoint.
   * @param path its folder; an ending `.pt` is left off
   * @throws CheckpointMissing, CheckpointDamaged, CheckpointMismatch
   */
  async loadCheckpoint(path: string): Promise<void> {
    this.restore((await readCheckpoint(path)).state);
  }

  /** Frees variables and compiled steps; the engine stays open. */
  dispose(): void {
    for (const compiled of this.#compiled.values()) compiled.dispose();
    this.#watched.predictor.dispose();
    disposeVariables(this.#setting.variables);
  }

  async *#steps(signal: AbortSignal | undefined): AsyncGenerator<StepRecord, void> {
    const order = epochOrder(this.#data.pairs.train.winners.length, this.options.seed, this.#position.epoch);
    let batch = this.#batch(order, 0);
    while (batch !== null && !signal?.aborted) {
      const { record, next } = await this.#exclusively(() => this.#step(batch as Batch, order));
      yield record;
      batch = next;
    }
  }

  /** The batch `ahead` steps from here; null after the last of the epoch. */
  #batch(order: Int32Array, ahead: number): Batch | null {
    const { step, globalStep } = this.#position;
    const size = this.#sizes[step + ahead];
    if (size === undefined) return null;
    const start = (step + ahead) * this.options.batchSize;
    return makeBatch(this.#data.pairs.train, order.subarray(start, start + size), this.options, globalStep + ahead);
  }

  async #step(batch: Batch, order: Int32Array): Promise<{ record: StepRecord; next: Batch | null }> {
    const began = performance.now();
    const { epoch, step, globalStep, sums } = this.#position;
    const running = runStep(this.#compiledFor(batch.size), batch, this.options, globalStep);
    const next = this.#batch(order, 1);
    const values = await running;
    const { learningRate } = this.options;
    if (!allFinite(values)) throw new errors.TrainingDiverged(values, epoch, step, learningRate);
    const added = addStep(sums, values, batch.size, performance.now() - began);
    this.#position = { ...this.#position, step: step + 1, globalStep: globalStep + 1, sums: added };
    const { stepsPerEpoch } = this;
    return {
      record: { kind: "step", epoch, step, stepsPerEpoch, globalStep: globalStep + 1, learningRate, ...values },
      next,
    };
  }

  #compiledFor(size: number): Compiled {
    const compiled = this.#compiled.get(size) ?? compileStep(this.#setting, size);
    this.#compiled.set(size, compiled);
    return compiled;
  }

  async #endEpoch(): Promise<EpochRecord> {
    const { epoch, sums, history } = this.#position;
    const swa = await averageAfter(this.#setting, epoch, this.#position.swa);
    const metrics = await validate(this.#watched.predictor, this.#data, this.#watched.watch);
    const { learningRate } = this.options;
    const record: EpochRecord = {
      ...{ kind: "epoch", epoch, learningRate, swaCount: swa.count },
      ...metrics,
      ...meansOf(sums),
    };
    this.#position = {
      ...this.#position,
      epoch: epoch + 1,
      step: 0,
      sums: NO_SUMS,
      swa,
      history: [...history, record],
    };
    return record;
  }

  async #finish(): Promise<TrainingResult> {
    const { result, trained } = await finishTraining(this.#setting, this.#data, this.#watched, this.#position.swa);
    this.#result = result;
    this.#trained = trained;
    return result;
  }

  async #exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#underWay) throw new errors.StepUnderWay();
    this.#underWay = true;
    try {
      return await work();
    } finally {
      this.#underWay = false;
    }
  }
}

/** The guide names an epoch both by its number while it is the last one done, and by the count of those done. */
function isAt(named: number, done: number): boolean {
  return named === done || named === done - 1;
}
