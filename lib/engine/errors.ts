import { messageOf, ThumbrankError } from "../base";
import { placeIn, presentPlace } from "./place";

/** TensorFlow's library was not found in any of the places searched. */
export class LibraryMissing extends ThumbrankError {
  constructor(readonly reason: string) {
    super("ENGINE_LIBRARY_MISSING", {
      what: `TensorFlow's library was not found: ${reason}`,
      next: "run `npm run setup`, or set THUMBRANK_TF=off to work on the slower wasm backend",
    });
  }
}

/** TensorFlow's library exists but cannot be loaded. */
export class LibraryUnloadable extends ThumbrankError {
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super("ENGINE_LIBRARY_UNLOADABLE", {
      what: `${path} cannot be loaded: ${messageOf(cause)}`,
      next: "run `npm run setup` to fetch it again, or set THUMBRANK_TF=off to work on the slower wasm backend",
      cause,
    });
  }
}

/** TensorFlow does not see the requested device. */
export class DeviceMissing extends ThumbrankError {
  constructor(
    readonly device: string,
    readonly seen: string,
  ) {
    super("ENGINE_DEVICE_MISSING", {
      what: `there is no ${device} for TensorFlow; it sees: ${seen}`,
      next: "use one that it sees, or cpu; for a GPU, run `THUMBRANK_TF=gpu npm run setup` and check that nvidia-smi lists it",
    });
  }
}

/** A device or precision that the engine does not have. */
export class SettingUnavailable extends ThumbrankError {
  constructor(
    readonly setting: string,
    engine: string,
    reason?: string,
  ) {
    super("ENGINE_SETTING_UNAVAILABLE", {
      what: `the ${engine} engine has no ${setting}${reason === undefined ? "" : `: ${reason}`}`,
      next: "leave the setting out; without TensorFlow's library, run `npm run setup`",
    });
  }
}

/** tfjs-node is not built, or was built on another library than the one the program uses. */
export class TfjsNodeMissing extends ThumbrankError {
  constructor(readonly reason: string) {
    super("ENGINE_TFJS_NODE_MISSING", {
      what: `tfjs-node was not found: ${reason}`,
      next: "run `npm run setup:tfjs-node`, or use the wasm backend for operations outside of steps",
    });
  }
}

/** tfjs-node is built but cannot be loaded. */
export class TfjsNodeUnloadable extends ThumbrankError {
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super("ENGINE_TFJS_NODE_UNLOADABLE", {
      what: `${path} cannot be loaded: ${messageOf(cause)}`,
      next: "delete its folder and run `npm run setup:tfjs-node`, or set THUMBRANK_TFJS_NODE=off to work without it",
      cause,
    });
  }
}

/** A step's code asked for the value of a tensor. */
export class ValueInStep extends ThumbrankError {
  constructor(
    readonly tensor: string,
    readonly place = presentPlace(),
  ) {
    super("ENGINE_VALUE_IN_STEP", {
      what: `the value of ${tensor} was read${at(place)} while a step was being compiled, when it has no value yet`,
      next: "return the tensor from the step, use tf.where in place of if, or read variables with engine.read",
    });
  }
}

/** Code asked directly for the value of a tensor that TensorFlow holds. */
export class ValueInTensorFlow extends ThumbrankError {
  constructor(readonly tensor: string) {
    super("ENGINE_VALUE_IN_TENSORFLOW", {
      what: `the value of ${tensor} is held by TensorFlow, where tfjs cannot reach it`,
      next: "await engine.read([variable]), or return the tensor from a step",
    });
  }
}

/** A step's code drew a random number in JavaScript. */
export class RandomInStep extends ThumbrankError {
  constructor(
    readonly source: string,
    readonly place = presentPlace(),
  ) {
    super("ENGINE_RANDOM_IN_STEP", {
      what: `${source} was called in a step${at(place)}: its numbers would be the same at every run`,
      next: "use dropout(x, rate, seed, site) of the engine, or feed the numbers as an input of the step",
    });
  }
}

/** A step uses an operation that the engine does not have. */
export class KernelUnmapped extends ThumbrankError {
  constructor(
    readonly kernel: string,
    engine: string,
    readonly place?: string,
  ) {
    super("ENGINE_KERNEL_UNMAPPED", {
      what: `the ${engine} engine does not have the operation ${kernel}${place ? `, called at ${place}` : ""}`,
      next: "write the step with other operations, or add the kernel to lib/engine",
    });
  }

  /**
   * Runs code, and turns tfjs's own error for a kernel that a backend lacks into this one.
   * @throws KernelUnmapped, and whatever else the code throws
   */
  static naming<Result>(engine: string, code: () => Result): Result {
    try {
      return code();
    } catch (thrown) {
      const kernel = /Kernel '(\w+)' not registered/.exec(messageOf(thrown))?.[1];
      if (kernel === undefined) throw thrown;
      throw new KernelUnmapped(kernel, engine, placeIn((thrown as Error).stack ?? ""));
    }
  }
}

/** A step uses a tensor whose values belong to another engine or another step. */
export class ForeignTensor extends ThumbrankError {
  constructor(
    readonly tensor: string,
    readonly place = presentPlace(),
  ) {
    super("ENGINE_FOREIGN_TENSOR", {
      what: `${tensor} belongs to another engine or was made in another step, and was used${at(place)}`,
      next: "make it with engine.variable of the engine that runs the step, or feed its values",
    });
  }
}

/** The inputs do not fit the specs of the step, or the shape of a variable. */
export class InputMismatch extends ThumbrankError {
  constructor(
    readonly input: string,
    readonly expected: string,
    readonly given: string,
  ) {
    super("ENGINE_INPUT_MISMATCH", {
      what: `${input} takes ${expected}, but was given ${given}`,
      next: "feed arrays of the shapes and types that jit was given",
    });
  }
}

/** TensorFlow refused an operation or a run. */
export class RunFailed extends ThumbrankError {
  constructor(
    readonly doing: string,
    readonly reason: string,
    /** The operation of the step, such as "GatherV2 at lib/model/layers.ts:31:14", if known. */
    readonly origin?: string,
  ) {
    super("ENGINE_RUN_FAILED", {
      what: `TensorFlow failed ${doing}${origin ? `, in ${origin}` : ""}: ${reason}`,
      next: "look at that operation: an index out of range or shapes that do not fit; variables keep their values",
    });
  }
}

/** A result is NaN or infinite. */
export class NotFinite extends ThumbrankError {
  constructor(
    readonly result: string,
    readonly value: number,
    readonly index: number,
  ) {
    super("ENGINE_NOT_FINITE", {
      what: `${result} is ${value} at index ${index}`,
      next: "look for a learning rate too high, a division by zero or a logarithm of zero, or NaN in the inputs",
    });
  }
}

/** A step was to run synchronously while earlier runs are in progress. */
export class RunsUnderWay extends ThumbrankError {
  constructor(readonly count: number) {
    super("ENGINE_RUNS_UNDER_WAY", {
      what: `a step was called synchronously while ${count} runs called before it had not ended`,
      next: "await those runs first, or call the step without sync",
    });
  }
}

/** An engine or a compiled step was used after its dispose(). */
export class EngineDisposed extends ThumbrankError {
  constructor(readonly thing: string) {
    super("ENGINE_DISPOSED", {
      what: `${thing} was used after dispose()`,
      next: "open a new engine with openEngine()",
    });
  }
}

function at(place: string | undefined): string {
  return place === undefined ? "" : ` at ${place}`;
}

/** Finds the first NaN or infinity among some values. */
export function notFiniteIn(values: Float32Array | Int32Array, result: string): NotFinite | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : new NotFinite(result, values[index]!, index);
}

/**
 * Checks that the values of a run are finite.
 * @param result what they are, for the message
 * @throws NotFinite with the first NaN or infinity
 */
export function requireFinite(values: Float32Array | Int32Array, result: string): void {
  const found = notFiniteIn(values, result);
  if (found) throw found;
}
