import { AsyncLocalStorage } from "node:async_hooks";
import { CellInterrupted } from "./errors";

/** How a cell sends messages to its notebook. */
export type Send = (type: string, content: Record<string, unknown>) => void;

/** Output of code that never yields is sent after this time, so that it can be read while the code runs. */
const PATIENCE_MS = 200;

/** One execution of a cell: what it awaits, prints and shows belongs to it, even after the next one has begun. */
export class Cell {
  readonly #controller = new AbortController();
  readonly startedAtMs = Date.now();
  readonly #send: Send;
  #ended = false;
  #printed: { name: string; text: string; sinceMs: number } | undefined;

  constructor(
    readonly count: number,
    readonly source: string,
    send: Send,
  ) {
    this.#send = send;
  }

  send(type: string, content: Record<string, unknown>): void {
    this.#flush();
    this.#send(type, content);
  }

  /** Prints to one of the streams. Text printed in one turn is sent as one message: thousands would not all arrive. */
  print(name: string, text: string): void {
    if (this.#printed?.name !== name) this.#flush();
    if (this.#printed === undefined) setImmediate(() => this.#flush());
    const { sinceMs, text: before } = this.#printed ?? { sinceMs: Date.now(), text: "" };
    this.#printed = { name, text: before + text, sinceMs };
    if (Date.now() - sinceMs > PATIENCE_MS) this.#flush();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** @param ended whether its code was terminated, so that it can no longer clean up */
  interrupt(ended = false): void {
    if (ended) this.#ended = true;
    this.#controller.abort(new CellInterrupted());
  }

  get ended(): boolean {
    return this.#ended;
  }

  #flush(): void {
    const printed = this.#printed;
    this.#printed = undefined;
    if (printed !== undefined) this.#send("stream", { name: printed.name, text: printed.text });
  }
}

const running = new AsyncLocalStorage<Cell>();
let latest: Cell | undefined;

/** Runs code that belongs to a cell. */
export function asCell<Result>(cell: Cell, code: () => Result): Result {
  latest = cell;
  return running.run(cell, code);
}

/** The cell that the running code belongs to, or else the cell that ran last. */
export const currentCell = (): Cell | undefined => running.getStore() ?? latest;

/** What a cell's `await` waits for: the value, unless the cell was interrupted meanwhile. */
export async function still<Value>(value: Value): Promise<Awaited<Value>> {
  const signal = running.getStore()?.signal;
  const settled = await value;
  signal?.throwIfAborted();
  return settled;
}

/**
 * What a cell's `for await` iterates over: the same items, until the cell is interrupted; the source is then closed.
 */
export async function* guarded<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, void> {
  const signal = running.getStore()?.signal;
  for await (const item of items) {
    signal?.throwIfAborted();
    yield item;
  }
}
