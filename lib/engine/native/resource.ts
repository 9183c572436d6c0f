import { FLOAT32 } from "./data-type";
import type { Graph } from "./graph";
import type { Output } from "./signatures";

/** A TensorFlow variable of fixed shape: float32, or half precision that steps see as float32. */
export class Resource {
  readonly #handle: Output;
  #setter?: { value: Output; operation: number };
  #current?: Output;

  constructor(
    readonly graph: Graph,
    readonly shape: number[],
    readonly type: number = FLOAT32,
  ) {
    this.#handle = graph.operation("VarHandleOp", [], {
      dtype: { type },
      shape: { shape },
      shared_name: `variable_${graph.size}`,
    });
  }

  get handle(): Output {
    return this.#handle;
  }

  /** Its value, in its own type, at one point of a run: after the given operations. */
  read(after: number[] = []): Output {
    return this.graph.operation("ReadVariableOp", [this.#handle], { dtype: { type: this.type } }, after);
  }

  /** Its value as float32, in a run that changes nothing. */
  get current(): Output {
    this.#current ??= this.graph.cast(this.read(), FLOAT32);
    return this.#current;
  }

  /** Adds the operation that assigns a value to it, after others. */
  assign(value: Output, after: number[] = []): number {
    const { graph, type } = this;
    return graph.operation("AssignVariableOp", [this.#handle, graph.cast(value, type)], { dtype: { type } }, after)
      .oper;
  }

  /** What to feed, and what to run, to set it from outside. */
  get setter(): { value: Output; operation: number } {
    if (!this.#setter) {
      const value = this.graph.placeholder(this.shape, this.type);
      this.#setter = { value, operation: this.assign(value) };
    }
    return this.#setter;
  }

  /** Adds the operation that frees its memory. */
  destroy(): number {
    return this.graph.operation("DestroyResourceOp", [this.#handle], { ignore_lookup_error: true }).oper;
  }
}
