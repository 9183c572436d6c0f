import type * as tf from "@tensorflow/tfjs";
import type { NotFinite } from "./errors";

/** Values fed to a compiled step. */
export type TypedArray = Float32Array | Int32Array;

/** Shape and type of one input of a step. */
export interface TensorSpec {
  /** One dimension may be null: it follows from how much is fed, and the step is compiled for each length met. */
  shape: (number | null)[];
  /** float32 if omitted. */
  dtype?: "float32" | "int32";
}

/** A step of ordinary tfjs operations: takes the fed tensors, may assign variables, returns what is to be read back. */
export type Step = (...inputs: tf.Tensor[]) => tf.Tensor[];

/** Runs a traced function; resolves to the values of the tensors it returned, in order. */
export interface Compiled {
  /**
   * @param inputs one array for each spec; may be overwritten as soon as the call returns
   * @throws InputMismatch, RunFailed, NotFinite where the engine checks numerics, and what `jit` throws where the inputs have a shape that it was not compiled for
   */
  (...inputs: TypedArray[]): Promise<Float32Array[]>;
  /**
   * The same without leaving this turn of the event loop.
   * @throws RunsUnderWay while runs that were called before have not ended
   */
  sync(...inputs: TypedArray[]): Float32Array[];
  /**
   * Finds where a NaN or an infinity comes from: computes the step on the present variables, changes none, and looks at
   * the inputs, then at every value that the step computes before it first changes a variable, in the order of its code.
   * @returns the first value that is not finite, by operation and line of the step's code, or undefined
   */
  diagnose(...inputs: TypedArray[]): Promise<NotFinite | undefined>;
  dispose(): void;
}

/** Values of a variable; a Uint16Array holds the bits of float16: stored so where the engine can, float32 to its steps. */
export type VariableValues = Float32Array | Uint16Array;

export interface VariableOptions {
  /** Key of its gradient; a name already in use gets a suffix, so look gradients up by `variable.name`. */
  name?: string;
  /** true if omitted. */
  trainable?: boolean;
  /**
   * Uses the memory of the values without a copy, where the engine and the array (`lendableArray`) allow it: they must
   * not be changed any more. No step ever changes them.
   */
  lend?: boolean;
}

/** What a session may compute on; GPUs are counted from 0. */
export type Device = "cpu" | `gpu:${number}`;

/** What products of matrices and convolutions are computed in. Their results, all else, and all that is kept are float32. */
export type Precision = "float32" | "bfloat16" | "float16";

/** How an engine computes, as far as its results may depend on it. */
export interface EngineSettings {
  /** Threads within one operation. */
  intraOpThreads: number;
  /** Operations at a time. */
  interOpThreads: number;
  precision: Precision;
  xla: boolean;
}

/** Where steps run. The same code runs on each engine; only `tensorflow` compiles it. */
export interface Engine {
  readonly name: "tensorflow" | "wasm" | "cpu" | "tfjs-node";
  /** Such as "CPU" or "GPU:0". */
  readonly device: string;
  /** Version of the library that computes. */
  readonly version: string;
  /** Why `auto` did not take TensorFlow. */
  readonly fallbackReason?: string;
  /** Of `tensorflow` alone. */
  readonly settings?: EngineSettings;
  /** Whether each run looks for NaN and infinities before it changes a variable. */
  readonly checksNumerics: boolean;
  /**
   * A variable that lives in this engine: large tables belong in one that is not trainable.
   * @param values row-major, one for each element of `shape`; copied, unless lent
   */
  variable(values: VariableValues, shape: number[], options?: VariableOptions): tf.Variable;
  /**
   * Compiles a step for inputs of the given shapes: at once, or where a dimension is null when first called with each
   * length. Only `tensorflow` compiles; on the others it runs uncompiled.
   * @throws RandomInStep, KernelUnmapped, ValueInStep when the step cannot be compiled
   */
  jit(step: Step, ...specs: TensorSpec[]): Compiled;
  /** Values of variables after all runs started so far, as copies. */
  read(variables: tf.Variable[]): Promise<Float32Array[]>;
  /** Sets a variable for all runs started from now on; values are copied. */
  write(variable: tf.Variable, values: Float32Array): void;
  /** Gives back variables, graph and session. Runs in progress end first. */
  dispose(): void;
}
