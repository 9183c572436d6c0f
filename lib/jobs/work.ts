import { queueCounts } from "./counts";
import { type HeldJobs, holdJobs } from "./hold";
import type { Jobs } from "./jobs";
import type { Performer } from "./performer";
import type { HeldJob } from "./settle";
import { createWakeSignal } from "./wake-signal";
import type { WorkProgress } from "./work-progress";

/** Between two stages of one coordinator there is nothing for a moment. */
const IDLE_POLLS = 4;

/** How a worker works. */
export interface WorkOptions {
  /** Jobs at once. */
  concurrency?: number;
  /** Ends once nothing of its queues waits, runs anywhere, or is to be tried again. */
  exitWhenIdle?: boolean;
  /** How often an empty queue is looked at. */
  pollMs?: number;
  /** Aborted: nothing more is fetched, and what is in progress is finished. */
  stop?: AbortSignal;
  /** Aborted: what is in progress is returned, and the worker ends. */
  abandon?: AbortSignal;
}

/**
 * Does the jobs of queues, those of the first named first, several at once. Killed at any time, nothing is lost: another
 * worker does what this one held, once its lease or its heartbeat has run out.
 * @throws what a performer's verdict says stops the worker, after what is in progress has ended; StoreUnreachable
 */
export async function* work(
  jobs: Jobs,
  performers: readonly Performer[],
  options: WorkOptions = {},
): AsyncGenerator<WorkProgress, void> {
  const { concurrency = 1, pollMs = 1000, exitWhenIdle = false, stop, abandon } = options;
  const facts: WorkProgress[] = [];
  const bell = createWakeSignal();
  const holding = holdJobs(jobs, (fact) => facts.push(fact), bell.notify);
  const isStopped = () => stop?.aborted || abandon?.aborted || holding.failure() !== undefined;
  let idlePolls = 0;
  for (const signal of [stop, abandon]) signal?.addEventListener("abort", bell.notify, { once: true });
  try {
    while (!isStopped()) {
      const fetched = await fetchJobs(jobs, performers, holding, concurrency - holding.size());
      for (const [performer, job] of fetched) holding.begin(performer, job);
      const isIdle = holding.size() === 0 && exitWhenIdle && (await isNothingLeft(jobs, performers, holding));
      idlePolls = isIdle ? idlePolls + 1 : 0;
      if (idlePolls === IDLE_POLLS) break;
      // With room for more, the queues are looked at again after a while; without, when a job ends.
      await bell.wait(holding.size() < concurrency ? pollMs : undefined);
      yield* facts.splice(0);
    }
    while (holding.size() > 0 && !abandon?.aborted) {
      await bell.wait();
      yield* facts.splice(0);
    }
  } finally {
    await holding.end();
  }
  yield* facts.splice(0);
  const failure = holding.failure();
  if (failure !== undefined) throw failure.thrown;
}

/** As many jobs as there is room for, of the first queues that have some and are not postponed. */
async function fetchJobs(
  jobs: Jobs,
  performers: readonly Performer[],
  holding: HeldJobs,
  room: number,
): Promise<[Performer, HeldJob][]> {
  const fetched: [Performer, HeldJob][] = [];
  for (const performer of performers) {
    const batchSize = room - fetched.length;
    if (batchSize <= 0) break;
    if (holding.isPostponed(performer.queue)) continue;
    const options = { batchSize, includeMetadata: true as const };
    const found = await jobs.withRetries(() => jobs.boss.fetch<object>(performer.queue, options));
    fetched.push(...found.map((job): [Performer, HeldJob] => [performer, job]));
  }
  return fetched;
}

async function isNothingLeft(jobs: Jobs, performers: readonly Performer[], holding: HeldJobs): Promise<boolean> {
  const counts = await queueCounts(
    jobs,
    performers.map(({ queue }) => queue),
  );
  return counts.every(
    ({ queue, waiting, active, retrying }) => active + retrying === 0 && (waiting === 0 || holding.isPostponed(queue)),
  );
}
