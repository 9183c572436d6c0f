import type { Compiled } from "../engine";
import { type Batch, batchSizes } from "./batches";
import type { TrainingData } from "./data";
import { TrainingDiverged, TrainingPairsMissing } from "./errors";
import type { Pace } from "./pipeline-options";
import type { Position } from "./position";
import type { StepRecord } from "./records";
import type { StepSetting } from "./step";
import { allFinite, compileSteps, runSteps, type StepValues } from "./step-calls";
import { addStep } from "./sums";
import { UpcomingBatches } from "./upcoming";

/** Most steps of a call: with more of them it takes longer to compile, and gains little. */
const MOST_STEPS = 8;

/**
 * Longest call of several steps: a training cannot be stopped within one, and all masks and rows of large batches at a time
 * crowd what else is in the caches.
 */
const CALL_MS = 100;

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

/**
 * Runs training steps in bursts, each one call of the engine: one step, or several short ones where the engine compiles
 * them. While it computes, the batches of the next burst are made.
 */
export class Bursts {
  readonly #setting: StepSetting;
  readonly #sizes: number[];
  readonly #upcoming: UpcomingBatches;
  readonly #compiled = new Map<string, Compiled>();
  /** Steps of a burst of several. */
  readonly #several: number;
  /** Single steps to come before them. */
  #singles: number;
  #stepMs = Number.POSITIVE_INFINITY;

  /** @throws TrainingPairsMissing */
  constructor(setting: StepSetting, data: TrainingData, { lossesEvery, singlesFirst }: Pace) {
    const [{ train }, { options }] = [data.pairs, setting];
    this.#setting = setting;
    this.#several = isWorthSeveral(setting) ? Math.min(lossesEvery, MOST_STEPS) : 1;
    this.#singles = singlesFirst;
    this.#sizes = batchSizes(train.winners.length, options.batchSize);
    if (this.#sizes.length === 0) throw new TrainingPairsMissing(train.winners.length, options.batchSize);
    this.#upcoming = new UpcomingBatches(train, this.#sizes, options);
  }

  get stepsPerEpoch(): number {
    return this.#sizes.length;
  }

  /**
   * Runs at least one step.
   * @param most steps
   */
  async run(from: Position, most: number): Promise<Burst> {
    const burst: Burst = { position: from, records: [], failure: null };
    try {
      await this.#run(burst, this.#countAt(from, most));
    } catch (error) {
      burst.failure = { error };
    }
    return burst;
  }

  dispose(): void {
    for (const compiled of this.#compiled.values()) compiled.dispose();
  }

  async #run(burst: Burst, count: number): Promise<void> {
    const from = burst.position;
    const batches = this.#upcoming.after(from, count);
    const compiled = this.#compiledFor(batches);
    const began = performance.now();
    const running = runSteps(compiled, batches, this.#setting.options, from.globalStep);
    this.#upcoming.prepare({ ...from, step: from.step + count, globalStep: from.globalStep + count }, count);
    const values = await running;
    this.#stepMs = (performance.now() - began) / count;
    this.#singles -= count === 1 ? 1 : 0;
    for (const [index, each] of values.entries()) this.#record(burst, each, batches[index] as Batch);
  }

  #record(burst: Burst, values: StepValues, { size }: Batch): void {
    const { epoch, step, globalStep, sums } = burst.position;
    const [{ learningRate }, { stepsPerEpoch }] = [this.#setting.options, this];
    if (!allFinite(values)) throw new TrainingDiverged(values, epoch, step, learningRate);
    const done = { step: step + 1, globalStep: globalStep + 1, sums: addStep(sums, values, size, this.#stepMs) };
    burst.position = { ...burst.position, ...done };
    burst.records.push({
      ...{ kind: "step", epoch, step, stepsPerEpoch, globalStep: globalStep + 1, learningRate },
      ...values,
    });
  }

  /** Several where so many batches of one size follow, and one where not. */
  #countAt({ step }: Position, most: number): number {
    const several = this.#several;
    const isShort = this.#singles <= 0 && several * this.#stepMs <= CALL_MS;
    const areAlike = this.#sizes[step] === this.#sizes[step + several - 1];
    return isShort && areAlike && several <= most ? several : 1;
  }

  #compiledFor(batches: readonly Batch[]): Compiled {
    const [{ size }, count] = [batches[0] as Batch, batches.length];
    const key = `${count} of ${size}`;
    const compiled = this.#compiled.get(key) ?? compileSteps(this.#setting, size, count);
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** Not so where nothing is compiled, where XLA would compile for long, or where each step is to be looked at first. */
function isWorthSeveral({ engine: { settings, checksNumerics } }: StepSetting): boolean {
  return settings !== undefined && !settings.xla && !checksNumerics;
}
