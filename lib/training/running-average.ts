import * as tf from "@tensorflow/tfjs";
import type { Compiled } from "../engine";
import type { Weights } from "../model";
import type { StepSetting } from "./step";
import { emptyVariables, readVariables, writeVariables } from "./variables";

/** What a pass does to one weight and its mean. */
type Change = (mean: tf.Variable, weight: tf.Variable, count: tf.Scalar) => void;

const copy: Change = (mean, weight) => mean.assign(weight.clone());

/** In float32, operation by operation as torch.optim.swa_utils.AveragedModel. */
const average: Change = (mean, weight, count) => mean.assign(tf.add(mean, tf.div(tf.sub(weight, mean), count)));

const exchange: Change = (mean, weight) => {
  const before = weight.clone();
  const averaged = mean.clone();
  weight.assign(averaged);
  mean.assign(before);
};

/**
 * SWA's average of the trainable weights in variables of the engine, created when first needed. It changes once per
 * epoch, so it is a separate pass, in one call, and not part of the step.
 */
export class RunningAverage {
  readonly #setting: StepSetting;
  readonly #weights: Record<string, tf.Variable>;
  readonly #passes = new Map<Change, Compiled>();
  #means: Record<string, tf.Variable> | null = null;

  constructor(setting: StepSetting) {
    this.#setting = setting;
    const { trainable, parameters } = setting.variables;
    this.#weights = Object.fromEntries(trainable.map((name) => [name, parameters[name] as tf.Variable]));
  }

  /** Adds the present weights to the average of `count` epochs; the first are copied. */
  async take(count: number): Promise<void> {
    await this.#passOf(count === 0 ? copy : average)(Float32Array.of(count + 1));
  }

  /** Swaps weights and average; a second call swaps them back. */
  async exchange(): Promise<void> {
    await this.#passOf(exchange)(Float32Array.of(0));
  }

  /** The average as a copy; empty if no epochs have been averaged. */
  async read(count: number): Promise<Weights> {
    return count === 0 ? {} : readVariables(this.#setting, this.#variables);
  }

  /** Restores the average of a state. */
  write(weights: Weights): void {
    if (Object.keys(weights).length > 0) writeVariables(this.#setting, this.#variables, weights);
  }

  dispose(): void {
    for (const pass of this.#passes.values()) pass.dispose();
    for (const mean of Object.values(this.#means ?? {})) mean.dispose();
  }

  get #variables(): Record<string, tf.Variable> {
    this.#means ??= emptyVariables(this.#setting.engine, this.#weights);
    return this.#means;
  }

  #passOf(change: Change): Compiled {
    const compiled = this.#passes.get(change) ?? this.#compile(change);
    this.#passes.set(change, compiled);
    return compiled;
  }

  #compile(change: Change): Compiled {
    const means = this.#variables;
    const pass = (...inputs: tf.Tensor[]) => {
      for (const [name, weight] of Object.entries(this.#weights))
        change(means[name] as tf.Variable, weight, inputs[0] as tf.Scalar);
      return [];
    };
    return this.#setting.engine.jit(pass, { shape: [] });
  }
}
