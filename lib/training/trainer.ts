import { configure, type ModelOptions, TrainingOptions } from "../config";
import type { Engine } from "../engine";
import { checkFeatures, type TrainingData } from "../features";
import type { ThumbnailRankingModel } from "../model";
import { StartEpochMismatch, StepUnderWay } from "./errors";
import { finishTraining } from "./finish";
import { Pace, type PipelineOptions, type TrainOptions } from "./pipeline-options";
import type { TrainingState } from "./position";
import { type Position, resumeFrom, START, stateAt, type TrainingSetting } from "./position";
import {
  computeMeans,
  type EpochRecord,
  NO_SUMS,
  type StepRecord,
  type TrainingEvent,
  type TrainingResult,
} from "./records";
import { RunningAverage } from "./running-average";
import { MultiStepRunner, type StepsDone } from "./step-runner";
import { rowScorer, sampleWatched, validate, type Watched } from "./validate";
import { disposeVariables, trainingVariables } from "./variables";

/**
 * Trains a model on an engine. Every random choice depends only on the seed, the epoch and the step, so a training
 * resumed from a state, taken between any two records, is bit-identical to an uninterrupted one on the same engine.
 */
export class Trainer {
  readonly options: TrainingOptions;
  readonly engine: Engine;
  readonly data: TrainingData;
  readonly #setting: TrainingSetting;
  readonly #runner: MultiStepRunner;
  readonly #watched: Watched;
  #position: Position = START;
  /** Records of finished steps that have not been yielded yet. */
  #pendingRecords: StepRecord[] = [];
  #failure: StepsDone["failure"] = null;
  #underWay: boolean = false;
  #result: TrainingResult | null = null;
  #trained: ThumbnailRankingModel | null = null;

  /**
   * @throws ConfigInvalid for impossible settings
   * @throws TrainingPairsMissing, FeatureWidthMismatch, FeatureStorageMismatch for data that cannot be trained on
   */
  constructor({ model, engine, data, tower, lossesEvery, singlesFirst, ...settings }: PipelineOptions) {
    const pace = configure(Pace, { lossesEvery, singlesFirst });
    this.options = configure(TrainingOptions, settings);
    checkFeatures(data, model.options, this.options);
    this.data = data;
    this.engine = engine;
    const variables = trainingVariables(engine, model, data, tower);
    const step = { engine, model, options: this.options, variables, tower };
    this.#setting = { ...step, swa: new RunningAverage(step) };
    this.#runner = new MultiStepRunner(this.#setting, data, pace);
    this.#watched = { scorer: rowScorer(this.#setting), watch: sampleWatched(data, this.options.seed) };
  }

  /** Epochs done, and steps done in the epoch in progress: up to `lossesEvery` ahead of the last record. */
  get position(): { epoch: number; step: number; globalStep: number } {
    const { epoch, step, globalStep } = this.#position;
    return { epoch, step, globalStep };
  }

  get modelOptions(): ModelOptions {
    return this.#setting.model.options;
  }

  get stepsPerEpoch(): number {
    return this.#runner.stepsPerEpoch;
  }

  /** Records of all epochs so far, including those before a resume. */
  get history(): readonly EpochRecord[] {
    return this.#position.history;
  }

  /** Validation metrics of the last weights and of the averaged ones; null until training has ended. */
  get result(): TrainingResult | null {
    return this.#result;
  }

  /** The trained model: the averaged weights if SWA was in use; null until training has ended. */
  get trained(): ThumbnailRankingModel | null {
    return this.#trained;
  }

  /**
   * Trains and yields one record per epoch.
   * @returns the result, or null if it was stopped by the signal
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

  /** Like `train`, but also yields one record per step, for progress bars and rolling checkpoints. */
  async *events({
    numEpochs,
    startEpoch,
    signal,
    pauseEvery = Number.POSITIVE_INFINITY,
  }: TrainOptions): AsyncGenerator<TrainingEvent, TrainingResult | null> {
    const { epoch } = this.#position;
    if (startEpoch !== undefined && !isAtEpoch(startEpoch, epoch)) throw new StartEpochMismatch(startEpoch, epoch);
    while (this.#position.epoch < numEpochs) {
      yield* this.#steps(signal, pauseEvery);
      if (signal?.aborted) return null;
      yield await this.#exclusively(() => this.#endEpoch());
    }
    return this.#exclusively(() => this.#finish());
  }

  /**
   * Everything needed to continue from `position`, as copies. Call it between two records.
   * @throws TrainingDiverged, or whatever else a step failed with, until another state is restored
   */
  async state(): Promise<TrainingState> {
    if (this.#failure) throw this.#failure.error;
    return this.#exclusively(() => stateAt(this.#setting, this.data, this.#position));
  }

  /**
   * Moves to an earlier or later state.
   * @throws CheckpointMismatch if options or data differ from those it was made with
   */
  restore(state: TrainingState): void {
    if (this.#underWay) throw new StepUnderWay();
    this.#position = resumeFrom(this.#setting, this.data, state);
    this.#pendingRecords = [];
    this.#failure = null;
  }

  /** Frees variables and compiled steps; the engine stays open. */
  dispose(): void {
    this.#runner.dispose();
    this.#setting.swa.dispose();
    this.#watched.scorer.dispose();
    disposeVariables(this.#setting.variables);
  }

  async *#steps(signal: AbortSignal | undefined, pauseEvery: number): AsyncGenerator<StepRecord, void> {
    for (;;) {
      if (this.#pendingRecords.length > 0 || this.#failure) yield* this.#yieldPending();
      if (this.#position.step === this.stepsPerEpoch || signal?.aborted) return;
      await this.#exclusively(() => this.#runSteps(pauseEvery));
    }
  }

  async #runSteps(pauseEvery: number): Promise<void> {
    const untilPause = pauseEvery - (this.#position.globalStep % pauseEvery);
    const { position, records, failure } = await this.#runner.run(this.#position, untilPause);
    this.#position = position;
    this.#pendingRecords = records;
    this.#failure = failure;
  }

  *#yieldPending(): Generator<StepRecord, void> {
    for (let record = this.#pendingRecords.shift(); record; record = this.#pendingRecords.shift()) yield record;
    if (this.#failure) throw this.#failure.error;
  }

  async #endEpoch(): Promise<EpochRecord> {
    const { position, record } = await endEpoch(this.#setting, this.data, this.#watched, this.#position);
    this.#position = position;
    return record;
  }

  async #finish(): Promise<TrainingResult> {
    const { result, trained } = await finishTraining(this.#setting, this.data, this.#watched, this.#position.swaCount);
    this.#result = result;
    this.#trained = trained;
    return result;
  }

  async #exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#underWay) throw new StepUnderWay();
    this.#underWay = true;
    try {
      return await work();
    } finally {
      this.#underWay = false;
    }
  }
}

/** The guide refers to an epoch both by its number while it is the last one done, and by the number of epochs done. */
export function isAtEpoch(named: number, done: number): boolean {
  return named === done || named === done - 1;
}

/** Ends an epoch whose steps are done: SWA, validation, record. */
async function endEpoch(
  setting: TrainingSetting,
  data: TrainingData,
  watched: Watched,
  position: Position,
): Promise<{ position: Position; record: EpochRecord }> {
  const { epoch, sums, history } = position;
  const swaCount = await averageAfter(setting, position);
  const metrics = await validate(watched, data);
  const { learningRate } = setting.options;
  const record: EpochRecord = {
    kind: "epoch",
    epoch,
    learningRate,
    swaCount,
    ...metrics,
    ...computeMeans(sums, setting.options),
  };
  const next = { epoch: epoch + 1, step: 0, sums: NO_SUMS, swaCount, history: [...history, record] };
  return { position: { ...position, ...next }, record };
}

/** Adds the weights to the average from `swaStart` on; returns how many epochs it then has. */
async function averageAfter({ options, swa }: TrainingSetting, { epoch, swaCount }: Position): Promise<number> {
  if (!options.useSwa || epoch < options.swaStart) return swaCount;
  await swa.take(swaCount);
  return swaCount + 1;
}
