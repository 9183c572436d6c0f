/** Runs jobs one after another, in the order they were added. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** Number of jobs that have not ended. */
  get length(): number {
    return this.#length;
  }

  /** Returns the promise of this job alone; a failed job does not stop the next. */
  add<Result>(job: () => Promise<Result>): Promise<Result> {
    this.#length++;
    const result = this.#last.then(() => this.#ending(job));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Does something at once if no job is in progress, else after the jobs queued so far. */
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
