/** One progress fact of a long job. Generators yield it; the caller shows it as a bar, a log line or in a notebook. */
export interface Progress {
  /** What the job is doing, such as "embed images". */
  stage: string;
  done: number;
  /** How many of `done` existed before this job began; they do not count towards its rate. */
  already?: number;
  /** Omitted if the number of items is unknown. */
  total?: number;
  /** Shown next to the counts, such as the quota that is left. */
  note?: string;
  /** Time left, if the job knows it better than its pace suggests, for example because it pauses in between. */
  remainingMs?: number;
}

/**
 * Runs a progress generator to its end and returns its result.
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
