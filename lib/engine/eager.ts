import * as tf from "@tensorflow/tfjs";
import { onBackend } from "./active-backend";
import { checkingNumerics, restoringVariables } from "./eager-numerics";
import { EngineDisposed, KernelUnmapped, NotFinite, requireFinite } from "./errors";
import { fromFloat16 } from "./float16";
import { withoutRandomness } from "./guard";
import { checkSpecs, checkValues, type FixedSpec, fixSpecs } from "./inputs";
import type { Compiled, Engine, Step, TensorSpec, TypedArray, VariableOptions, VariableValues } from "./types";
import { freeName } from "./variable-name";

/** Engines that run steps uncompiled. */
export type EagerName = "wasm" | "cpu" | "tfjs-node";

/**
 * The fallback: runs steps uncompiled on one of tfjs's own backends. Each call computes before it returns its promise.
 */
export class EagerEngine implements Engine {
  readonly device = "CPU";
  readonly version = tf.version_core;
  readonly fallbackReason?: string;
  readonly #variables = new Set<tf.Variable>();
  #disposed = false;

  constructor(
    readonly name: EagerName,
    fallbackReason?: string,
    /** tfjs's name of the backend that computes. */
    readonly backend: string = name,
    readonly checksNumerics = false,
  ) {
    if (fallbackReason !== undefined) this.fallbackReason = fallbackReason;
  }

  variable(values: VariableValues, shape: number[], options: VariableOptions = {}): tf.Variable {
    this.#alive();
    const name = freeName(options.name);
    checkValues(name, values, shape);
    const variable = onBackend(this.backend, () =>
      tf.tidy(() => tf.variable(tf.tensor(toFloat32Copy(values), shape), options.trainable ?? true, name)),
    );
    this.#variables.add(variable);
    return variable;
  }

  jit(step: Step, ...specs: TensorSpec[]): Compiled {
    checkSpecs(specs);
    let disposed = false;
    const ready = (inputs: TypedArray[]) => {
      this.#alive();
      if (disposed) throw new EngineDisposed("a compiled step");
      const fixed = fixSpecs(inputs, specs);
      return () => this.#run(step, fixed, inputs);
    };
    const sync = (...inputs: TypedArray[]) =>
      this.checksNumerics ? this.#check(ready(inputs), inputs, false) : ready(inputs)();
    const diagnose = async (...inputs: TypedArray[]) => this.#diagnose(ready(inputs), inputs);
    const run = async (...inputs: TypedArray[]) => {
      const results = sync(...inputs);
      await nextTick();
      return results;
    };
    const dispose = () => {
      disposed = true;
    };
    return Object.assign(run, { sync, diagnose, dispose });
  }

  async read(variables: tf.Variable[]): Promise<Float32Array[]> {
    this.#alive();
    return variables.map((variable) => Float32Array.from(variable.dataSync()));
  }

  write(variable: tf.Variable, values: Float32Array): void {
    this.#alive();
    checkValues(variable.name, values, variable.shape);
    onBackend(this.backend, () => tf.tidy(() => variable.assign(tf.tensor(values.slice(), variable.shape))));
  }

  dispose(): void {
    for (const variable of this.#variables) variable.dispose();
    this.#variables.clear();
    this.#disposed = true;
  }

  #diagnose(run: () => Float32Array[], inputs: TypedArray[]): NotFinite | undefined {
    try {
      this.#check(run, inputs, true);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof NotFinite) return thrown;
      throw thrown;
    }
  }

  /** Runs the step and restores the variables' values if something is not finite, or always if `restoring`. */
  #check(run: () => Float32Array[], inputs: TypedArray[], restoring: boolean): Float32Array[] {
    for (const [index, input] of inputs.entries()) requireFinite(input, `input ${index} of the step`);
    const checked = () => checkingNumerics(run);
    return onBackend(this.backend, () => restoringVariables(this.#living, restoring, checked));
  }

  get #living(): tf.Variable[] {
    return [...this.#variables].filter(({ isDisposed }) => !isDisposed);
  }

  #run(step: Step, specs: FixedSpec[], inputs: TypedArray[]): Float32Array[] {
    const feed = ({ shape, dtype }: FixedSpec, index: number) => tf.tensor(inputs[index]!.slice(), shape, dtype);
    const results = () => KernelUnmapped.naming(this.name, () => withoutRandomness(() => step(...specs.map(feed))));
    return onBackend(this.backend, () =>
      tf.tidy(() => results().map((result) => Float32Array.from(result.dataSync()))),
    );
  }

  #alive(): void {
    if (this.#disposed) throw new EngineDisposed(`the ${this.name} engine`);
  }
}

/** Lets the event loop turn between two steps. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** As float32. */
function toFloat32Copy(values: VariableValues): Float32Array {
  if (values instanceof Float32Array) return values.slice();
  const copy = new Float32Array(values.length);
  fromFloat16(values, copy);
  return copy;
}
