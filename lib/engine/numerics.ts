import { type NotFinite, notFiniteIn } from "./errors";
import { FLOAT32 } from "./native/data-type";
import type { Graph } from "./native/graph";
import type { PreparedRun, RunPlan, Session } from "./native/session";
import type { Output } from "./native/signatures";

/** A value of the graph and its name in messages. */
export interface NamedValue {
  output: Output;
  name(): string;
}

/** Finds the first of a step's values that is not finite. Its operations are added on first use. */
export class Numerics {
  readonly #values: NamedValue[];
  #flags: PreparedRun | undefined;

  /** @param values in the order in which to check them; those that are not float32 are skipped */
  constructor(
    readonly graph: Graph,
    readonly session: Session,
    readonly feeds: RunPlan["feeds"],
    values: NamedValue[],
  ) {
    this.#values = values.filter(({ output }) => graph.typeOf(output) === FLOAT32);
  }

  async find(): Promise<NotFinite | undefined> {
    const value = this.#firstOf(await this.#flagging.start());
    return value && found(value, await this.#reading(value).start());
  }

  findNow(): NotFinite | undefined {
    const value = this.#firstOf(this.#flagging.now());
    return value && found(value, this.#reading(value).now());
  }

  #firstOf([flags]: Float32Array[]): NamedValue | undefined {
    return this.#values[flags?.indexOf(0) ?? -1];
  }

  /** Reads through Identity, because TensorFlow refuses to fetch a fed value. */
  #reading({ output }: NamedValue): PreparedRun {
    const fetches = [this.graph.operation("Identity", [output])];
    return this.session.prepare({ feeds: this.feeds, fetches, targets: [] });
  }

  /** A run that gives 1 for each finite value, else 0; it changes no variables. */
  get #flagging(): PreparedRun {
    this.#flags ??= this.session.prepare({ feeds: this.feeds, fetches: this.#recordFlags(), targets: [] });
    return this.#flags;
  }

  #recordFlags(): Output[] {
    if (this.#values.length === 0) return [];
    const flags = this.#values.map(({ output }) => finite(this.graph, output));
    return [this.graph.operation("Pack", [flags], { axis: 0 })];
  }
}

function found({ name }: NamedValue, [values]: Float32Array[]): NotFinite | undefined {
  return values && notFiniteIn(values, name());
}

/** 1 if all elements are finite, else 0; float32 scalar. */
function finite(graph: Graph, output: Output): Output {
  const axes = graph.shapeOf(output).map((_, axis) => axis);
  const all = graph.operation("All", [graph.operation("IsFinite", [output]), graph.integers(axes)]);
  return graph.operation("Cast", [all], { DstT: { type: FLOAT32 } });
}
