/** Work in progress that several callers may wait for. */
interface Flight<Value> {
  promise: Promise<Value>;
  waiters: number;
  controller: AbortController;
}

/** Does the same work once for all who ask for it at the same time, and gives it up when the last of them has gone. */
export class SharedWork<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /** Whether work of this key is in progress. */
  has(key: string): boolean {
    return this.#flights.has(key);
  }

  /**
   * Starts the work of a key, or joins it.
   * @param signal of this caller; the work's own signal aborts when those of all callers have
   */
  async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiters++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--flight.waiters === 0) {
          this.#remove(key, flight);
          flight.controller.abort(signal.reason);
        }
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      flight.promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
    });
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    const flight = { promise: work(controller.signal), waiters: 0, controller };
    this.#flights.set(key, flight);
    const remove = () => this.#remove(key, flight);
    flight.promise.then(remove, remove);
    return flight;
  }

  #remove(key: string, flight: Flight<Value>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
