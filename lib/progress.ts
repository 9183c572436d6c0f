/** One fact of a long job, yielded by generators; whoever shows it (bar, log line, notebook) is somebody else. */
export interface Progress {
  /** What is being done, such as "embed images". */
  stage: string;
  done: number;
  /** Unknown for streams without a count. */
  total?: number;
}

/**
 * Runs a generator of progress to its end and returns its result.
 * @param show called with each fact; silent where it is left out
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
