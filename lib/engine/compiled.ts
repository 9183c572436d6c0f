import type { FixedSpec } from "./inputs";
import { codeOf } from "./native/data-type";
import type { TensorFlow } from "./native/load";
import type { PreparedRun, Session } from "./native/session";
import { NativeTensor } from "./native/tensor";
import type { RecordedStep } from "./record-step";
import type { TypedArray } from "./types";

/** A recorded step with the tensors it is fed from. */
export class CompiledStep {
  readonly #tensors: NativeTensor[];
  readonly #prepared: PreparedRun;
  #waiting = 0;

  constructor(api: TensorFlow, session: Session, { inputs, fetches, targets }: RecordedStep, specs: FixedSpec[]) {
    this.#tensors = specs.map(({ shape, dtype }) => new NativeTensor(api, codeOf(dtype), shape));
    const feeds = inputs.map((output, index) => ({ output, tensor: this.#tensors[index] as NativeTensor }));
    this.#prepared = session.prepare({ feeds, fetches, targets });
  }

  /** A job that runs the step on these inputs. They are copied now, for their owner may overwrite them. */
  run(inputs: TypedArray[]): () => Promise<Float32Array[]> {
    const kept = this.#waiting > 0 ? inputs.map((input) => input.slice()) : undefined;
    if (!kept) this.#feed(inputs);
    this.#waiting++;
    return async () => {
      if (kept) this.#feed(kept);
      try {
        return await this.#prepared.start();
      } finally {
        this.#waiting--;
      }
    };
  }

  /** Runs the step on these inputs while nothing else runs. */
  runNow(inputs: TypedArray[]): Float32Array[] {
    this.#feed(inputs);
    return this.#prepared.now();
  }

  dispose(): void {
    for (const tensor of this.#tensors) tensor.dispose();
  }

  #feed(inputs: TypedArray[]): void {
    for (const [index, input] of inputs.entries()) this.#tensors[index]?.write(input);
  }
}
