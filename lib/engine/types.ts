import type * as tf from "@tensorflow/tfjs";
import type { NotFinite } from "./errors";

/** Values fed to a compiled step. */
export type TypedArray = Float32Array | Int32Array;

/** Shape and type of one input of a step. */
export interface TensorSpec {
  /**
   * One dimension may be null: it follows from the number of values, and the step is compiled for each length it meets.
   */
  shape: (number | null)[];
  /** float32 if omitted. */
  dtype?: "float32" | "int32";
}

/** A step of ordinary tfjs operations: takes fed tensors, may assign variables, returns the tensors to read back. */
export type Step = (...inputs: tf.Tensor[]) => tf.Tensor[];

/** Runs a traced function; resolves to the values of the tensors it returned, in order. */
export interface Compiled {
  /**
   * @param inputs one array for each spec; may be overwritten as soon as the call returns
   * @throws InputMismatch, RunFailed, NotFinite if the engine checks numerics, and what `jit` throws if it must
   *   compile the step for a new shape
   */
  (...inputs: TypedArray[]): Promise<Float32Array[]>;
  /**
   * The same, within this turn of the event loop.
   * @throws RunsUnderWay while earlier runs have not ended
   */
  sync(...inputs: TypedArray[]): Float32Array[];
  /**
   * Finds where a NaN or an infinity comes from: computes the step on the present variables without changing them, and
   * checks the inputs, then every value that the step computes before it first changes a variable, in the order of its
   * code.
   * @returns the first value that is not finite, by operation and line of the step's code, or undefined
   */
  diagnose(...inputs: TypedArray[]): Promise<NotFinite | undefined>;
  dispose(): void;
}

/** Values of a variable; a Uint16Array holds float16 bits, stored as such if possible; steps see float32. */
export type VariableValues = Float32Array | Uint16Array;

export interface VariableOptions {
  /** Key of its gradient; a name already in use gets a suffix, so look up gradients by `variable.name`. */
  name?: string;
  /** true if omitted. */
  trainable?: boolean;
  /**
   * Uses the memory of the values without a copy, if the engine and the array (`lendableArray`) allow it: the values
   * must not be changed afterwards. Steps never change them.
   */
  lend?: boolean;
  /**
   * Stores it in the engine's precision: half the memory, and no rounding at every run. For frozen weights that only
   * products read, which round them anyway.
   */
  rounded?: boolean;
}

/** The device a session may compute on; GPUs are counted from 0. */
export type Device = "cpu" | `gpu:${number}`;

/**
 * The type in which products of matrices and convolutions are computed. Their results, everything else, and all stored
 * values are float32.
 */
export type Precision = "float32" | "bfloat16" | "float16";

/** How an engine computes, as far as its results may depend on it. */
export interface EngineSettings {
  /** Threads within one operation. */
  intraOpThreads: number;
  /** Operations that run in parallel. */
  interOpThreads: number;
  precision: Precision;
  xla: boolean;
}

/** Runs steps. The same code runs on each engine; only `tensorflow` compiles it. */
export interface Engine {
  readonly name: "tensorflow" | "wasm" | "cpu" | "tfjs-node";
  /** Such as "CPU" or "GPU:0". */
  readonly device: string;
  /** Version of the library that computes. */
  readonly version: string;
  /** Why `auto` did not choose TensorFlow. */
  readonly fallbackReason?: string;
  /** Only for `tensorflow`. */
  readonly settings?: EngineSettings;
  /** Whether each run looks for NaN and infinities before it changes a variable. */
  readonly checksNumerics: boolean;
  /**
   * Makes a variable that lives in this engine; large tables belong in one that is not trainable.
   * @param values row-major, one for each element of `shape`; copied, unless lent
   */
  variable(values: VariableValues, shape: number[], options?: VariableOptions): tf.Variable;
  /**
   * Compiles a step for inputs of the given shapes: at once, or, if a dimension is null, on the first call with each
   * length. Only `tensorflow` compiles; on the others it runs uncompiled.
   * @throws RandomInStep, KernelUnmapped, ValueInStep if the step cannot be compiled
   */
  jit(step: Step, ...specs: TensorSpec[]): Compiled;
  /** Values of variables after all runs started so far, as copies. */
  read(variables: tf.Variable[]): Promise<Float32Array[]>;
  /** Sets a variable for all runs started from now on; values are copied. */
  write(variable: tf.Variable, values: Float32Array): void;
  /** Frees variables, graph and session, after the runs in progress have ended. */
  dispose(): void;
}
