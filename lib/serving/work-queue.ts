import { ServiceBusy } from "./errors";

/** A piece of work that waits for a thread. */
interface Waiting {
  start(): void;
  drop(reason: unknown): void;
}

/** What a queue tells its observer, in seconds. */
export interface QueueTimes {
  waited(seconds: number): void;
  worked(seconds: number): void;
}

/** Weight of the newest piece in the running mean of durations. */
const NEWEST = 0.1;
const MOST_RETRY_SECONDS = 60;

/** Pieces of work that wait for a free thread, in order; at most `limit` wait, and those whose caller has gone are dropped. */
export class WorkQueue {
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #meanSeconds = 0.02;

  /**
   * @param atOnce pieces that run at the same time
   * @param limit pieces that may wait
   */
  constructor(
    private readonly atOnce: number,
    private readonly limit: number,
    private readonly times: QueueTimes,
  ) {}

  /** Number of waiting pieces. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Checks that this many further pieces may wait; a request asks once for all of its pieces, so none is refused halfway.
   * @throws ServiceBusy with an estimate of when there will be room
   */
  requireRoom(pieces: number): void {
    if (this.#waiting.size + pieces > this.limit + Math.max(0, this.atOnce - this.#running))
      throw new ServiceBusy(this.#retryAfterSeconds(pieces));
  }

  /** Runs a piece when its turn comes. @throws the signal's reason if that aborts while the piece waits */
  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const asked = performance.now();
    await this.#turn(signal);
    const began = performance.now();
    this.times.waited((began - asked) / 1000);
    try {
      return await work();
    } finally {
      const seconds = (performance.now() - began) / 1000;
      this.times.worked(seconds);
      this.#meanSeconds += NEWEST * (seconds - this.#meanSeconds);
      this.#running--;
      const [next] = this.#waiting;
      next?.start();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.atOnce) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: () => {
          this.#waiting.delete(waiting);
          signal.removeEventListener("abort", waiting.drop);
          this.#running++;
          resolve();
        },
        drop: () => {
          this.#waiting.delete(waiting);
          reject(signal.reason);
        },
      };
      this.#waiting.add(waiting);
      signal.addEventListener("abort", waiting.drop, { once: true });
    });
  }

  #retryAfterSeconds(pieces: number): number {
    const seconds = ((this.#waiting.size + pieces) * this.#meanSeconds) / this.atOnce;
    return Math.min(MOST_RETRY_SECONDS, Math.max(1, Math.ceil(seconds)));
  }
}
