import { queueCounts } from "./counts";
import { type HeldJobs, holdJobs } from "./hold";
import type { Jobs } from "./jobs";
import type { Performer } from "./performer";
import type { HeldJob } from "./settle";
import { createWakeSignal } from "./wake-signal";
import type { WorkProgress } from "./work-progress";

/** Polls without work before the worker exits: queues are briefly empty between two stages of a coordinator. */
const IDLE_POLLS = 4;

/** Options of a worker. */
export interface WorkOptions {
  /** Jobs done at the same time. */
  concurrency?: number;
  /** Exit once no job of its queues waits, runs anywhere or will be retried. */
  exitWhenIdle?: boolean;
  /** How often an empty queue is polled. */
  pollMs?: number;
  /** If aborted, no more jobs are fetched, and jobs in progress are finished. */
  stop?: AbortSignal;
  /** If aborted, jobs in progress are returned to their queues, and the worker exits. */
  abandon?: AbortSignal;
}

/**
 * Does the jobs of queues, several at once; earlier performers take precedence. Nothing is lost if it is killed:
 * another worker does its jobs once their lease or heartbeat expires.
 * @throws the failure for which a performer's verdict is "stop", after jobs in progress have ended; StoreUnreachable
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
      // With room for more jobs, poll again after a pause; otherwise wait until a job ends.
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

/** Fetches as many jobs as there is room for, from the first queues that have some and are not postponed. */
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
