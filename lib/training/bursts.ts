import { setImmediate as breath } from "node:timers/promises";
import { type Compiled, RunsUnderWay } from "../engine";
import { type Batch, batchSizes, epochOrder, makeBatch } from "./batches";
import type { TrainingData } from "./data";
import { TrainingDiverged, TrainingPairsMissing } from "./errors";
import type { Position } from "./position";
import type { StepRecord } from "./records";
import { allFinite, compileStep, runStep, runStepNow, type StepSetting, type StepValues } from "./step";
import { addStep } from "./sums";

/** Longest that steps in a row keep the event loop from turning. */
const BURST_MS = 15;

/** A step that cannot be taken back: the weights are no longer those of a position. */
export interface Failure {
  error: unknown;
}

/** Some steps in a row. */
export interface Burst {
  /** After them; where one failed or diverged, before it. */
  position: Position;
  records: StepRecord[];
  /** What the step after those came to. */
  failure: Failure | null;
}

/** Runs training steps in bursts: short steps one after the other in one turn of the event loop, long ones beside it. */
export class Bursts {
  readonly #setting: StepSetting;
  readonly #data: TrainingData;
  readonly #sizes: number[];
  readonly #compiled = new Map<number, Compiled>();
  /** What the last step took. */
  #stepMs = Number.POSITIVE_INFINITY;
  #order: { epoch: number; pairs: Int32Array } | null = null;
  #made: { globalStep: number; batch: Batch } | null = null;

  /** @throws TrainingPairsMissing */
  constructor(setting: StepSetting, data: TrainingData) {
    const [pairs, { batchSize }] = [data.pairs.train.winners.length, setting.options];
    this.#setting = setting;
    this.#data = data;
    this.#sizes = batchSizes(pairs, batchSize);
    if (this.#sizes.length === 0) throw new TrainingPairsMissing(pairs, batchSize);
  }

  get stepsPerEpoch(): number {
    return this.#sizes.length;
  }

  /**
   * Runs at least one step, and further ones of the epoch while the event loop can wait.
   * @param most steps
   */
  async run(from: Position, most: number): Promise<Burst> {
    const burst: Burst = { position: from, records: [], failure: null };
    const end = performance.now() + BURST_MS;
    const last = Math.min(this.stepsPerEpoch, from.step + most);
    try {
      do await this.#step(burst, end);
      while (burst.position.step < last && this.#fits(end));
    } catch (error) {
      burst.failure = { error };
    }
    await breath();
    return burst;
  }

  dispose(): void {
    for (const compiled of this.#compiled.values()) compiled.dispose();
  }

  async #step(burst: Burst, end: number): Promise<void> {
    const { epoch, step, globalStep, sums } = burst.position;
    const began = performance.now();
    const batch = this.#batch(burst.position);
    const values = (this.#fits(end) && this.#now(batch, globalStep)) || (await this.#beside(batch, burst.position));
    this.#stepMs = performance.now() - began;
    const [{ learningRate }, { stepsPerEpoch }] = [this.#setting.options, this];
    if (!allFinite(values)) throw new TrainingDiverged(values, epoch, step, learningRate);
    const done = { step: step + 1, globalStep: globalStep + 1, sums: addStep(sums, values, batch.size, this.#stepMs) };
    burst.position = { ...burst.position, ...done };
    burst.records.push({
      ...{ kind: "step", epoch, step, stepsPerEpoch, globalStep: globalStep + 1, learningRate },
      ...values,
    });
  }

  #fits(end: number): boolean {
    return performance.now() + this.#stepMs <= end;
  }

  /** Null where something else runs on the engine. */
  #now(batch: Batch, globalStep: number): StepValues | null {
    try {
      return runStepNow(this.#compiledFor(batch.size), batch, this.#setting.options, globalStep);
    } catch (error) {
      if (error instanceof RunsUnderWay) return null;
      throw error;
    }
  }

  /** The next batch is made while it runs. */
  async #beside(batch: Batch, position: Position): Promise<StepValues> {
    const { step, globalStep } = position;
    const running = runStep(this.#compiledFor(batch.size), batch, this.#setting.options, globalStep);
    const next = { ...position, step: step + 1, globalStep: globalStep + 1 };
    if (next.step < this.stepsPerEpoch) this.#made = { globalStep: next.globalStep, batch: this.#batch(next) };
    return running;
  }

  /** The batch of the step that comes after a position. */
  #batch({ epoch, step, globalStep }: Position): Batch {
    if (this.#made?.globalStep === globalStep) return this.#made.batch;
    const { options } = this.#setting;
    const { train } = this.#data.pairs;
    if (this.#order?.epoch !== epoch)
      this.#order = { epoch, pairs: epochOrder(train.winners.length, options.seed, epoch) };
    const start = step * options.batchSize;
    const pairs = this.#order.pairs.subarray(start, start + (this.#sizes[step] as number));
    return makeBatch(train, pairs, options, globalStep);
  }

  #compiledFor(size: number): Compiled {
    const compiled = this.#compiled.get(size) ?? compileStep(this.#setting, size);
    this.#compiled.set(size, compiled);
    return compiled;
  }
}
