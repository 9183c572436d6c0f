/** One fact of a long job, yielded by generators; whoever shows it (bar, log line, notebook) is someone else. */
export interface Progress {
  /** What is being done, such as "embed images". */
  stage: string;
  done: number;
  /** Of these, what was there before this job began: it says nothing about the job's pace. */
  already?: number;
  /** Unknown for streams without a count. */
  total?: number;
  /** Shown next to it, such as what is left of a quota. */
  note?: string;
  /** Time left, if the job knows it better than its pace suggests, for example because it waits in between. */
  remainingMs?: number;
}

/**
 * Runs a generator of progress to its end and returns its result.
 * @param show called with each fact; silent if omitted
 */
export async function finish<Result>(
  job: AsyncGenerator<Progress, Result>,
  show: (progress: Progress) => void = () => {},
): Promise<Result> {
  for (;;) {
    const { done, value } = await job.next();
    if (done) return value;
    show(value);
  }
}
