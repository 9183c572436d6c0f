/** Runs jobs one after the other, in the order they were added. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** Jobs that have not ended. */
  get length(): number {
    return this.#length;
  }

  /** The promise of this job alone; a job that failed does not stop the next. */
  add<Result>(job: () => Promise<Result>): Promise<Result> {
    this.#length++;
    const result = this.#last.then(() => this.#ending(job));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Does something at once where no job is in progress, else after those so far. */
  whenIdle(work: () => void): void {
    if (this.#length === 0) work();
    else void this.add(async () => work());
  }

  async #ending<Result>(job: () => Promise<Result>): Promise<Result> {
    try {
      return await job();
    } finally {
      this.#length--;
    }
  }
}
