import { FLOAT32 } from "./data-type";
import type { Graph } from "./graph";
import type { Output } from "./signatures";

const TYPE = { dtype: { type: FLOAT32 } };

/** A variable of TensorFlow: float32, of a fixed shape. */
export class Resource {
  readonly #handle: Output;
  #setter?: { value: Output; operation: number };
  #current?: Output;

  constructor(
    readonly graph: Graph,
    readonly shape: number[],
  ) {
    this.#handle = graph.operation("VarHandleOp", [], {
      ...TYPE,
      shape: { shape },
      shared_name: `variable_${graph.size}`,
    });
  }

  get handle(): Output {
    return this.#handle;
  }

  /** Its value at some moment of a run: after the given operations. */
  read(after: number[] = []): Output {
    return this.graph.operation("ReadVariableOp", [this.#handle], TYPE, after);
  }

  /** Its value in a run that changes nothing. */
  get current(): Output {
    this.#current ??= this.read();
    return this.#current;
  }

  /** The operation that gives it a value, after others. */
  assign(value: Output, after: number[] = []): number {
    return this.graph.operation("AssignVariableOp", [this.#handle, value], TYPE, after).oper;
  }

  /** What to feed, and what to run, to set it from outside. */
  get setter(): { value: Output; operation: number } {
    if (!this.#setter) {
      const value = this.graph.placeholder(this.shape, FLOAT32);
      this.#setter = { value, operation: this.assign(value) };
    }
    return this.#setter;
  }

  /** The operation that gives its memory back. */
  destroy(): number {
    return this.graph.operation("DestroyResourceOp", [this.#handle], { ignore_lookup_error: true }).oper;
  }
}
