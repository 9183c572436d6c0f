import { type Frame, findPlace } from "./place";

/** Who recorded an operation: a kernel of tfjs, called from a frame of the user's code. */
export interface Origin {
  kernel: string;
  frame: Frame | undefined;
}

/** Which operations of a graph a kernel recorded: their numbers, the end not included. */
interface OperationRange {
  first: number;
  end: number;
  origin: Origin;
}

/** Who recorded the operations of a graph. */
export class Origins {
  readonly #stretches: OperationRange[] = [];

  /** Stretches come in the order of their numbers. */
  add(range: OperationRange): void {
    if (range.end > range.first) this.#stretches.push(range);
  }

  /** By the number of an operation. */
  of(operation: number): Origin | undefined {
    return this.#stretches.find(({ first, end }) => first <= operation && operation < end)?.origin;
  }
}

/** Such as "MatMul at lib/model/layers.ts:31:14". */
export function describeOrigin({ kernel, frame }: Origin): string {
  return frame ? `${kernel} at ${findPlace(frame)}` : kernel;
}
