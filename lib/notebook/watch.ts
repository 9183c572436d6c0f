import type { Progress } from "../base";
import { Interrupted } from "./errors";
import { interruptSignal } from "./host";
import { openProgressView } from "./progress-view";

/**
 * Runs a job to its end and shows its progress: a bar with rate and ETA, or a line every 10 s if nobody is watching.
 * @param onFact also called with each fact
 * @throws Interrupted if the reader stopped the cell, after ending the job; and whatever the job throws
 */
export async function watch<Result>(
  job: AsyncGenerator<Progress, Result>,
  onFact: (fact: Progress) => void = () => {},
): Promise<Result> {
  const signal = interruptSignal();
  const view = openProgressView();
  try {
    for (;;) {
      const { done, value } = await job.next();
      if (done) {
        view.end();
        return value;
      }
      view.show(value);
      onFact(value);
      if (signal.aborted) throw new Interrupted(describePosition(value));
    }
  } finally {
    // Lets the job clean up its files and locks, even if onFact threw; does nothing if the job has ended.
    await job.return(undefined as never);
    view.stop();
  }
}

const describePosition = ({ stage, done, total }: Progress) =>
  `${stage}, ${done}${total === undefined ? "" : ` of ${total}`}`;
