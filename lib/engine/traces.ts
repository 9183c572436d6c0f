import type { CompiledStep } from "./compiled";
import { EngineDisposed } from "./errors";
import { checkSpecs, type FixedSpec, fixedSpecs, fixSpecs, showShape } from "./inputs";
import type { TensorSpec, TypedArray } from "./types";

/** Called with the input shapes that a step was compiled for, and the number of shapes so far. */
export type OnTrace = (shapes: number[][], count: number) => void;

/** A step compiled once for each combination of input shapes that it is called with. */
export class Traces {
  readonly #traces = new Map<string, CompiledStep>();
  #closed = false;

  /**
   * Compiles the step now if all dimensions are known.
   * @throws InputMismatch for a spec with two unknown dimensions, and what `compile` throws
   */
  constructor(
    readonly specs: TensorSpec[],
    readonly compile: (specs: FixedSpec[]) => CompiledStep,
    readonly onTrace: OnTrace,
  ) {
    checkSpecs(specs);
    const fixed = fixedSpecs(specs);
    if (fixed) this.#traceFor(fixed);
  }

  /** @throws InputMismatch, EngineDisposed, and what `compile` throws */
  of(inputs: TypedArray[]): CompiledStep {
    if (this.#closed) throw new EngineDisposed("a compiled step");
    return this.#traceFor(fixSpecs(inputs, this.specs));
  }

  /** Rejects calls from now on. */
  close(): void {
    this.#closed = true;
  }

  /** Frees its memory; call it when no run needs it any more. */
  dispose(): void {
    for (const trace of this.#traces.values()) trace.dispose();
    this.#traces.clear();
  }

  #traceFor(specs: FixedSpec[]): CompiledStep {
    const shapes = specs.map(({ shape }) => shape);
    const known = this.#traces.get(shapes.join(" "));
    if (known) return known;
    const trace = this.compile(specs);
    this.#traces.set(shapes.join(" "), trace);
    this.onTrace(shapes, this.#traces.size);
    return trace;
  }
}

/**
 * Emits a process warning, which Node prints to stderr, from the second shape on, because each shape takes a recording.
 */
export function warnOfRetrace(shapes: number[][], count: number): void {
  const message = `compiled a step again, for inputs ${shapes.map(showShape).join(", ")}`;
  if (count > 1) process.emitWarning(message, "EngineRetrace");
}
