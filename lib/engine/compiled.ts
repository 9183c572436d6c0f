import type { NotFinite } from "./errors";
import type { FixedSpec } from "./inputs";
import { typeCode } from "./native/data-type";
import type { Graph } from "./native/graph";
import type { PreparedRun, Session } from "./native/session";
import { NativeTensor } from "./native/tensor";
import { Numerics } from "./numerics";
import type { RecordedStep } from "./record-step";
import type { TypedArray } from "./types";

/** A recorded step with the tensors that feed it. */
export class CompiledStep {
  readonly #tensors: NativeTensor[];
  readonly #prepared: PreparedRun;
  readonly #numerics: Numerics;
  readonly #checked: boolean;
  #waiting = 0;

  /** @param checked whether every run first looks for NaN and infinities, and changes nothing if it finds one */
  constructor(graph: Graph, session: Session, recorded: RecordedStep, specs: FixedSpec[], checked: boolean) {
    const { inputs, fetches, targets, values } = recorded;
    this.#tensors = specs.map(({ shape, dtype }) => new NativeTensor(graph.api, typeCode(dtype), shape));
    const feeds = inputs.map((output, index) => ({ output, tensor: this.#tensors[index]! }));
    this.#prepared = session.prepare({ feeds, fetches, targets });
    this.#numerics = new Numerics(graph, session, feeds, values);
    this.#checked = checked;
  }

  /** Returns a job that runs the step on these inputs. */
  run(inputs: TypedArray[]): () => Promise<Float32Array[]> {
    return this.#job(inputs, () => (this.#checked ? this.#startChecked() : this.#prepared.start()));
  }

  /** Returns a job that finds the first value of the step that is not finite; it changes no variables. */
  diagnose(inputs: TypedArray[]): () => Promise<NotFinite | undefined> {
    return this.#job(inputs, () => this.#numerics.find());
  }

  /** Runs the step on these inputs; nothing else may be running. */
  runNow(inputs: TypedArray[]): Float32Array[] {
    this.#feed(inputs);
    const failure = this.#checked ? this.#numerics.findNow() : undefined;
    if (failure) throw failure;
    return this.#prepared.now();
  }

  dispose(): void {
    for (const tensor of this.#tensors) tensor.dispose();
  }

  /** Copies the inputs now, because their owner may overwrite them. */
  #job<Result>(inputs: TypedArray[], work: () => Promise<Result>): () => Promise<Result> {
    const kept = this.#waiting > 0 ? inputs.map((input) => input.slice()) : undefined;
    if (!kept) this.#feed(inputs);
    this.#waiting++;
    return async () => {
      if (kept) this.#feed(kept);
      try {
        return await work();
      } finally {
        this.#waiting--;
      }
    };
  }

  async #startChecked(): Promise<Float32Array[]> {
    const failure = await this.#numerics.find();
    if (failure) throw failure;
    return this.#prepared.start();
  }

  #feed(inputs: TypedArray[]): void {
    for (const [index, input] of inputs.entries()) this.#tensors[index]?.write(input);
  }
}
