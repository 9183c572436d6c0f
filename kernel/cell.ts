import { AsyncLocalStorage } from "node:async_hooks";
import { Interrupted } from "./errors";

/** How a cell speaks to the notebook it belongs to. */
export type Send = (type: string, content: Record<string, unknown>) => void;

/** One execution of a cell: what it awaits, prints and shows belongs to it, also after the next has begun. */
export class Cell {
  readonly #controller = new AbortController();
  readonly startedAtMs = Date.now();

  constructor(
    readonly count: number,
    readonly source: string,
    readonly send: Send,
  ) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  interrupt(): void {
    this.#controller.abort(new Interrupted());
  }
}

const running = new AsyncLocalStorage<Cell>();
let latest: Cell | undefined;

/** Runs code that belongs to a cell. */
export function asCell<Result>(cell: Cell, code: () => Result): Result {
  latest = cell;
  return running.run(cell, code);
}

/** The cell that the running code belongs to, else the one that ran last. */
export const currentCell = (): Cell | undefined => running.getStore() ?? latest;

/** What `await` of a cell waits for: the value, unless the cell was interrupted meanwhile. */
export async function still<Value>(value: Value): Promise<Awaited<Value>> {
  const signal = running.getStore()?.signal;
  const settled = await value;
  signal?.throwIfAborted();
  return settled;
}

/** What `for await` of a cell walks: the same items, until the cell is interrupted; the source is then closed. */
export async function* guarded<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, void> {
  const signal = running.getStore()?.signal;
  for await (const item of items) {
    signal?.throwIfAborted();
    yield item;
  }
}
