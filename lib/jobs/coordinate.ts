import type { Progress } from "../progress";
import type { Stage } from "../tasks";
import { databaseNow, itemsDone, queueCounts } from "./counts";
import { deadKeys, deadLetters } from "./deadLetters";
import { enqueue } from "./enqueue";
import { JobsFailed, JobsPostponed } from "./errors";
import type { Jobs } from "./jobs";
import type { JobSettings, QueueName } from "./queues";

/** Where the pieces of a stage go. */
export interface Placement<Piece> {
  queue: QueueName;
  keyOf?: (piece: Piece) => string;
  settings?: Partial<JobSettings>;
  /** How often progress is looked at. */
  pollMs?: number;
}

/**
 * Has workers do all pending pieces of a stage, as `runStage` does them in this process, and returns the items they did
 * meanwhile. Any number of coordinators may do so at once, and each may be stopped and started again.
 * @throws JobsFailed where pieces fail in every try, after the others are done; JobsPostponed where the rest waits for
 * quota
 */
export async function* runOnQueue<Piece extends object>(
  jobs: Jobs,
  stage: Stage<Piece>,
  { queue, pollMs = 1000, ...placement }: Placement<Piece>,
): AsyncGenerator<Progress, number> {
  const since = await databaseNow(jobs);
  const met = new Set(await deadKeys(jobs, queue));
  const total = await stage.count();
  // What is done may make more pending: the next page of a list.
  while ((await enqueue(jobs, { queue, pieces: stage.pending(), met, ...placement })) > 0) {
    while (await isUnderWay(jobs, queue)) {
      const done = await itemsDone(jobs, queue, since);
      yield { stage: stage.name, done, total: Math.max(done, total) };
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
  await assertNoneDead(jobs, queue);
  const done = await itemsDone(jobs, queue, since);
  yield { stage: stage.name, done, total: done };
  return done;
}

async function isUnderWay(jobs: Jobs, queue: QueueName): Promise<boolean> {
  const [counts] = await queueCounts(jobs, [queue]);
  if (counts === undefined) return false;
  const { waiting, active, retrying, postponed, postponedUntil } = counts;
  // Where one piece waits for quota, the others would.
  if (postponedUntil !== null && active + retrying === 0)
    throw new JobsPostponed(queue, waiting + postponed, postponedUntil);
  return waiting + active + retrying > 0;
}

async function assertNoneDead(jobs: Jobs, queue: QueueName): Promise<void> {
  const [newest] = await deadLetters(jobs, queue);
  if (newest === undefined) return;
  const [counts] = await queueCounts(jobs, [queue]);
  throw new JobsFailed(queue, counts?.dead ?? 1, newest.error);
}
