import type { Progress, Stage } from "../base";
import { databaseNow, itemsDone, queueCounts } from "./counts";
import { deadLetters } from "./dead-letters";
import { enqueue } from "./enqueue";
import { JobsFailed, JobsPostponed } from "./errors";
import type { JobMapping } from "./job-mapping";
import type { Jobs } from "./jobs";
import type { QueueName } from "./queues";

/**
 * Has workers do all pending pieces of a stage, as `runStage` does in this process. Any number of coordinators may run
 * at once, and each may be stopped and started again.
 * @returns the number of items that workers did meanwhile
 * @throws JobsFailed if pieces fail in every attempt, after the others are done; JobsPostponed if the rest waits for
 * quota
 */
export async function* runOnQueue<Piece>(
  jobs: Jobs,
  stage: Stage<Piece>,
  placement: JobMapping<Piece>,
): AsyncGenerator<Progress, number> {
  const { queue, pollMs = 1000, signal } = placement;
  const since = await databaseNow(jobs);
  const met = new Set<string>();
  const total = await stage.count();
  // Finished pieces may make more work pending.
  for (let added = 1; added > 0 && !signal?.aborted; ) {
    added = await enqueue(jobs, stage.pending(), placement, met);
    for (let note = await underWay(jobs, queue); note !== null && !signal?.aborted; ) {
      const done = await itemsDone(jobs, queue, since);
      yield { stage: stage.name, done, total: Math.max(done, total), note };
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      note = await underWay(jobs, queue);
    }
  }
  if (!signal?.aborted) await assertNoneDead(jobs, queue);
  const done = await itemsDone(jobs, queue, since);
  yield { stage: stage.name, done, total: done };
  return done;
}

/** Human-readable description of the work in progress; null if there is none. */
async function underWay(jobs: Jobs, queue: QueueName): Promise<string | null> {
  const [counts] = await queueCounts(jobs, [queue]);
  if (counts === undefined) return null;
  const { waiting, active, retrying, postponed, postponedUntil } = counts;
  // If one piece waits for quota, the others would too.
  if (postponedUntil !== null && active + retrying === 0)
    throw new JobsPostponed(queue, waiting + postponed, postponedUntil);
  if (waiting + active + retrying === 0) return null;
  return active > 0 ? `${active} jobs under way` : `no worker does these (thumbrank worker --queue ${queue})`;
}

async function assertNoneDead(jobs: Jobs, queue: QueueName): Promise<void> {
  const [newest] = await deadLetters(jobs, queue);
  if (newest === undefined) return;
  const [counts] = await queueCounts(jobs, [queue]);
  throw new JobsFailed(queue, counts?.dead ?? 1, newest.error);
}
