import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { concatenated } from "../base";
import { AUXILIARY_HEADS, type Predictions } from "../model";

/** Rows of one request that wait for the model. */
interface Waiting {
  embeddings: Float32Array;
  rows: number;
  signal: AbortSignal;
  resolve(predictions: Predictions): void;
  reject(reason: unknown): void;
}

/** What a batcher needs to know of its model and settings. */
export interface BatcherOptions {
  predict(embeddings: Float32Array): Promise<Predictions>;
  /** Numbers in a row. */
  width: number;
  /** Most rows in a batch; a request with more goes alone. */
  batchRows: number;
  /** How long to wait for more rows; 0 takes what is waiting. */
  batchWaitMs: number;
  /** Called with the rows and the duration of each batch. */
  observe(rows: number, seconds: number): void;
}

/**
 * Lets a model score the rows of several requests at once. It counts rows, not requests: while one batch runs the next
 * one gathers. Rows of a client that has gone are dropped before they are scored.
 */
export class RowBatcher {
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(private readonly options: BatcherOptions) {}

  /**
   * Scores rows, together with those of other requests.
   * @param embeddings [rows, width]
   * @throws the signal's reason if it aborts before the rows are scored
   */
  predict(embeddings: Float32Array, signal: AbortSignal): Promise<Predictions> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ embeddings, rows: embeddings.length / this.options.width, signal, resolve, reject });
      if (!this.#isRunning) void this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // Without a wait too, requests that arrive in the same turn of the event loop share a batch.
      await (this.options.batchWaitMs === 0 ? nextTurn() : delay(this.options.batchWaitMs));
      await this.#runBatch(this.#takeBatch());
    }
    this.#isRunning = false;
  }

  /** Takes requests from the front as long as their rows fit. */
  #takeBatch(): Waiting[] {
    for (const { signal, reject } of this.#waiting) if (signal.aborted) reject(signal.reason);
    this.#waiting = this.#waiting.filter(({ signal }) => !signal.aborted);
    let rows = 0;
    const fits = this.#waiting.findIndex((request) => {
      rows += request.rows;
      return rows > this.options.batchRows;
    });
    return this.#waiting.splice(0, fits === -1 ? this.#waiting.length : Math.max(1, fits));
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    const began = performance.now();
    try {
      const all = await this.options.predict(concatenated(batch.map(({ embeddings }) => embeddings)));
      let from = 0;
      for (const { rows, resolve } of batch) {
        resolve(rowsOf(all, from, from + rows));
        from += rows;
      }
      this.options.observe(from, (performance.now() - began) / 1000);
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown);
    }
  }
}

function rowsOf({ scores, ctr, auxiliary }: Predictions, from: number, to: number): Predictions {
  const heads = AUXILIARY_HEADS.length;
  return {
    scores: scores.subarray(from, to),
    ctr: ctr.subarray(from, to),
    auxiliary: auxiliary.subarray(from * heads, to * heads),
  };
}
