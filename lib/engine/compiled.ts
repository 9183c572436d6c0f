import { EngineDisposed } from "./errors";
import { codeOf } from "./native/data-type";
import type { TensorFlow } from "./native/load";
import type { Session } from "./native/session";
import { NativeTensor } from "./native/tensor";
import type { RecordedStep } from "./record-step";
import type { TensorSpec, TypedArray } from "./types";

/** A recorded step with the tensors it is fed from. */
export class CompiledStep {
  readonly #tensors: NativeTensor[];
  readonly #start: () => Promise<Float32Array[]>;
  #waiting = 0;
  #disposed = false;

  constructor(api: TensorFlow, session: Session, { inputs, fetches, targets }: RecordedStep, specs: TensorSpec[]) {
    this.#tensors = specs.map(({ shape, dtype }) => new NativeTensor(api, codeOf(dtype ?? "float32"), shape));
    const feeds = inputs.map((output, index) => ({ output, tensor: this.#tensors[index] as NativeTensor }));
    this.#start = session.prepare({ feeds, fetches, targets });
  }

  /** A job that runs the step on these inputs. They are copied now, for their owner may overwrite them. */
  run(inputs: TypedArray[]): () => Promise<Float32Array[]> {
    if (this.#disposed) throw new EngineDisposed("a compiled step");
    const kept = this.#waiting > 0 ? inputs.map((input) => input.slice()) : undefined;
    if (!kept) this.#feed(inputs);
    this.#waiting++;
    return async () => {
      if (kept) this.#feed(kept);
      try {
        return await this.#start();
      } finally {
        this.#waiting--;
      }
    };
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const tensor of this.#tensors) tensor.dispose();
  }

  #feed(inputs: TypedArray[]): void {
    for (const [index, input] of inputs.entries()) this.#tensors[index]?.write(input);
  }
}
