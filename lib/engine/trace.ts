import * as tf from "@tensorflow/tfjs";
import { countElements } from "./inputs";
import type { Graph } from "./native/graph";
import type { Resource } from "./native/resource";
import type { Output } from "./native/signatures";
import type { Origin } from "./origins";
import { usersFrame } from "./place";

/** A change of variables, pending until everything that reads their old values is recorded. */
export interface Update {
  resources: Resource[];
  /** What the change is computed from. */
  inputs: Output[];
  /** Adds its operations, each after `after`; returns the last one, which runs after the others. */
  record(after: number[]): number;
}

/** A value of the graph, computed by a kernel or read from a variable. */
export interface TracedValue {
  output: Output;
  from: Origin | Resource;
}

/**
 * What one step records: reads of variables, and their updates in order. Updates are recorded behind a barrier of all
 * earlier reads: TensorFlow then changes weights in place (a reader that still held them would force a copy), and no
 * step reads a half-updated network.
 */
export class Trace {
  readonly #reads = new Map<Resource, Output>();
  readonly #readers: number[] = [];
  readonly #writes = new Map<Resource, number>();
  readonly #done: number[] = [];
  readonly #values: TracedValue[] = [];
  #waiting: Update[] = [];
  /** The kernel called last. */
  last: Origin | undefined;
  #gradientOf: Origin | undefined;

  /** @param lanes number of updates that run in parallel */
  constructor(
    readonly graph: Graph,
    readonly lanes = 1,
  ) {}

  /** What was computed or read before the first change of a variable, in order, each with its origin. */
  get unchanged(): readonly TracedValue[] {
    return this.#values;
  }

  /** Records the gradient of an operation. */
  inGradientOf<Result>(origin: Origin, code: () => Result): Result {
    const before = this.#gradientOf;
    this.#gradientOf = origin;
    try {
      return code();
    } finally {
      this.#gradientOf = before;
    }
  }

  /** Records what a tfjs kernel does. */
  noting(kernel: string, code: () => Output | Output[]): Output | Output[] {
    const origin = this.#originOf(kernel);
    this.last = origin;
    const outputs = this.graph.noting(origin, code);
    for (const output of [outputs].flat()) this.#note(output, origin);
    return outputs;
  }

  /** The value of a variable at this point of the step's code. */
  read(resource: Resource): Output {
    if (this.#isWaiting(resource)) this.seal();
    const known = this.#reads.get(resource);
    if (known) return known;
    const write = this.#writes.get(resource);
    const output = resource.read(write === undefined ? [] : [write]);
    this.#reads.set(resource, output);
    this.#readers.push(output.oper);
    this.#note(output, resource);
    return output;
  }

  update(update: Update): void {
    if (update.resources.some((resource) => this.#isWaiting(resource))) this.seal();
    this.#waiting.push(update);
  }

  /**
   * Records the updates that `code` makes at once: each waits for its inputs and for what reads or writes the same
   * variables so far, not for all of the step.
   * @returns their operations
   */
  updating(code: () => void): number[] {
    this.seal();
    code();
    const own = this.#waiting;
    this.#waiting = [];
    return own.map((update) => this.#record(update, this.graph.barrier(this.#neededBy(update))));
  }

  #neededBy({ inputs, resources }: Update): number[] {
    const others = resources.flatMap((resource) => [this.#reads.get(resource)?.oper, this.#writes.get(resource)]);
    return [...new Set([...inputs.map(({ oper }) => oper), ...others.filter((other) => other !== undefined)])];
  }

  /**
   * Records the pending updates.
   * @param fetches values that must be computed before them
   */
  seal(fetches: Output[] = []): void {
    if (this.#waiting.length === 0) return;
    const inputs = [...fetches, ...this.#waiting.flatMap((update) => update.inputs)].map(({ oper }) => oper);
    const barrier = this.graph.barrier([...new Set([...inputs, ...this.#readers, ...this.#done])]);
    for (const lane of divideIntoLanes(this.#waiting, numbersWritten, this.lanes))
      lane.reduce((before, update) => this.#record(update, before), barrier);
    this.#waiting = [];
  }

  /** Ends the recording; returns what a run must do besides computing the fetches. */
  finish(fetches: Output[]): number[] {
    this.seal(fetches);
    return this.#done.length === 0 ? [] : [this.graph.barrier(this.#done)];
  }

  #note(output: Output, from: Origin | Resource): void {
    if (this.#done.length === 0) this.#values.push({ output, from });
  }

  #originOf(kernel: string): Origin {
    const gradientOf = this.#gradientOf;
    if (gradientOf) return { kernel: `${kernel} in the gradient of ${gradientOf.kernel}`, frame: gradientOf.frame };
    // tfjs itself clones what it saves for gradients; looking at the stack is not worth it for that.
    return { kernel, frame: kernel === tf.Identity ? this.last?.frame : usersFrame() };
  }

  #record(update: Update, before: number): number {
    const last = update.record([before]);
    this.#done.push(last);
    for (const resource of update.resources) {
      this.#writes.set(resource, last);
      this.#reads.delete(resource);
    }
    return last;
  }

  #isWaiting(resource: Resource): boolean {
    return this.#waiting.some((update) => update.resources.includes(resource));
  }
}

function numbersWritten({ resources }: Update): number {
  return resources.reduce((sum, { shape }) => sum + countElements(shape), 0);
}

/**
 * Divides work into lanes of about equal size, each from its largest part to its smallest. The parts of a lane run one
 * after another: otherwise TensorFlow may begin with the small ones, and end with one thread on the largest while the
 * others wait.
 * @param sizeOf the size of a part
 * @param count number of lanes
 * @returns at most `count` lanes, none of them empty
 */
export function divideIntoLanes<Part>(parts: readonly Part[], sizeOf: (part: Part) => number, count: number): Part[][] {
  const lanes = Array.from({ length: count }, () => ({ parts: [] as Part[], size: 0 }));
  const sized = parts.map((part) => ({ part, size: sizeOf(part) }));
  for (const { part, size } of sized.sort((a, b) => b.size - a.size)) {
    const emptiest = lanes.reduce((least, lane) => (lane.size < least.size ? lane : least));
    emptiest.parts.push(part);
    emptiest.size += size;
  }
  return lanes.map((lane) => lane.parts).filter((lane) => lane.length > 0);
}
