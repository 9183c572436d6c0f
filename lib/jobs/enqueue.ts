import { createHash } from "node:crypto";
import type { JobInsert } from "pg-boss";
import type { JobData, JobMapping } from "./job-mapping";
import type { Jobs } from "./jobs";
import { deadLetterOf, JOB_SETTINGS, type JobSettings, type QueueName, SCHEMA } from "./queues";

const BATCH_SIZE = 500;

/**
 * Makes jobs from pieces, leaving out items that are already in a job: an item is in at most one job that waits, runs
 * or is a dead letter. Coordinators take turns.
 * @param met items to leave out; the items of all pieces are added to it
 * @returns the number of items added to `met`
 */
export async function enqueue<Piece>(
  jobs: Jobs,
  pieces: AsyncIterable<Piece>,
  placement: JobMapping<Piece>,
  met: Set<string> = new Set(),
): Promise<number> {
  const { queue, settings } = placement;
  return inTurn(jobs, queue, async () => {
    // Read the jobs before the pieces: in the other order, an item finished in between would be enqueued again.
    const known = await itemsOfJobs(jobs, queue);
    const before = met.size;
    let batch: JobInsert<JobData>[] = [];
    for await (const piece of pieces) {
      const data = toJob(piece, placement, (item) => !met.has(item) && !known.has(item));
      for (const item of placement.itemsOf(piece)) met.add(item);
      if (data !== null) batch.push({ data, singletonKey: hashKey(data), ...toQueueOptions(settings) });
      if (batch.length === BATCH_SIZE) batch = await sent(jobs, queue, batch);
    }
    await sent(jobs, queue, batch);
    return met.size - before;
  });
}

/** Data of the job for a piece; null if none of its items is wanted. */
function toJob<Piece>(
  piece: Piece,
  { itemsOf, partOf }: JobMapping<Piece>,
  isWanted: (item: string) => boolean,
): JobData | null {
  const items = itemsOf(piece).filter(isWanted);
  return items.length === 0 ? null : { items, piece: partOf(piece, new Set(items)) };
}

async function sent(jobs: Jobs, queue: QueueName, batch: JobInsert<JobData>[]): Promise<[]> {
  if (batch.length > 0) await jobs.withRetries(() => jobs.boss.insert(queue, batch));
  return [];
}

/** Items in a queue's unfinished jobs and its dead letters. */
async function itemsOfJobs(jobs: Jobs, queue: QueueName): Promise<Set<string>> {
  const sql = `select jsonb_array_elements_text(data -> 'items') as item from ${SCHEMA}.job
    where name = any($1) and state < 'completed'`;
  const rows = await jobs.withRetries(() => jobs.query<{ item: string }>(sql, [[queue, deadLetterOf(queue)]]));
  return new Set(rows.map(({ item }) => item));
}

/** Makes all that enqueue into a queue, on any machine, take turns. */
async function inTurn<Result>(jobs: Jobs, queue: QueueName, use: () => Promise<Result>): Promise<Result> {
  const transaction = await jobs.begin();
  try {
    await transaction.db.executeSql("select pg_advisory_xact_lock(hashtext($1))", [`${SCHEMA}/${queue}`]);
    return await use();
  } finally {
    await transaction.rollback();
  }
}

const hashKey = ({ items }: JobData) => createHash("sha256").update(items.join("\n")).digest("hex").slice(0, 32);

function toQueueOptions(given: Partial<JobSettings> = {}) {
  const settings = { ...JOB_SETTINGS, ...given };
  return {
    expireInSeconds: settings.leaseSeconds,
    heartbeatSeconds: settings.heartbeatSeconds,
    retryLimit: settings.retryLimit,
    retryDelay: settings.retryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: settings.retryDelayMaxSeconds,
  };
}
