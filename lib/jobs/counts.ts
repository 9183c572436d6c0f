import type { Jobs } from "./jobs";
import { deadLetterOf, QUEUES, type QueueName, SCHEMA } from "./queues";

/** Numbers of jobs in a queue, by state. */
export interface QueueCounts {
  queue: QueueName;
  waiting: number;
  active: number;
  /** Failed, and will be retried. */
  retrying: number;
  /** Put back until there is quota again. */
  postponed: number;
  /** When the first postponed job may start; null if there is none. */
  postponedUntil: Date | null;
  /** Completed in the last seven days. */
  done: number;
  /** Failed in every attempt. */
  dead: number;
}

const SQL = `
  select name,
    count(*) filter (where state = 'created' and start_after <= now())::int as waiting,
    count(*) filter (where state = 'active')::int as active,
    count(*) filter (where state = 'retry')::int as retrying,
    count(*) filter (where state = 'created' and start_after > now())::int as postponed,
    min(start_after) filter (where state = 'created' and start_after > now()) as "postponedUntil",
    count(*) filter (where state = 'completed')::int as done
  from ${SCHEMA}.job where name = any($1) group by name`;

type Row = Omit<QueueCounts, "queue" | "dead"> & { name: string };

const NONE = { waiting: 0, active: 0, retrying: 0, postponed: 0, postponedUntil: null, done: 0 };

/** Counts the jobs of queues by state. */
export async function queueCounts(jobs: Jobs, queues: readonly QueueName[] = QUEUES): Promise<QueueCounts[]> {
  const names = queues.flatMap((queue) => [queue, deadLetterOf(queue)]);
  const rows = await jobs.withRetries(() => jobs.query<Row>(SQL, [names]));
  return queues.map((queue) => {
    const { name: _, ...counts } = { name: queue, ...NONE, ...rows.find((row) => row.name === queue) };
    const dead = rows.find((row) => row.name === deadLetterOf(queue));
    return { queue, ...counts, dead: dead?.waiting ?? 0 };
  });
}

/** Whether a queue has no jobs that wait, run, are postponed or will be retried. */
export async function settled(jobs: Jobs, queue: QueueName): Promise<boolean> {
  const [counts] = await queueCounts(jobs, [queue]);
  return counts === undefined || counts.waiting + counts.active + counts.retrying + counts.postponed === 0;
}

/** The current time of the database's clock. */
export async function databaseNow(jobs: Jobs): Promise<Date> {
  const [row] = await jobs.withRetries(() => jobs.query<{ now: Date }>("select now() as now", []));
  return row?.now ?? new Date();
}

/** Number of items that a queue's jobs have done since a time of the database's clock. */
export async function itemsDone(jobs: Jobs, queue: QueueName, since: Date): Promise<number> {
  const sql = `select coalesce(sum((output ->> 'items')::int), 0)::int as items from ${SCHEMA}.job
    where name = $1 and state = 'completed' and completed_on >= $2`;
  const [row] = await jobs.withRetries(() => jobs.query<{ items: number }>(sql, [queue, since]));
  return row?.items ?? 0;
}
