import { type Frame, findPlace } from "./place";

/** The origin of an operation: a kernel of tfjs, called from a frame of the user's code. */
export interface Origin {
  kernel: string;
  frame: Frame | undefined;
}

/** The operations of a graph that a kernel recorded: a range of numbers, excluding the end. */
interface OperationRange {
  first: number;
  end: number;
  origin: Origin;
}

/** The origins of a graph's operations. */
export class Origins {
  readonly #stretches: OperationRange[] = [];

  /** Ranges must be added in ascending order. */
  add(range: OperationRange): void {
    if (range.end > range.first) this.#stretches.push(range);
  }

  /** The origin of an operation, by its number. */
  of(operation: number): Origin | undefined {
    return this.#stretches.find(({ first, end }) => first <= operation && operation < end)?.origin;
  }
}

/** Formats an origin, such as "MatMul at lib/model/layers.ts:31:14". */
export function describeOrigin({ kernel, frame }: Origin): string {
  return frame ? `${kernel} at ${findPlace(frame)}` : kernel;
}
