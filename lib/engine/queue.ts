/** Runs jobs one after the other, in the order they were added. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** The promise of this job alone; a job that failed does not stop the next. */
  add<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
