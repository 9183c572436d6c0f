import type { Jobs } from "./jobs";
import { deadLetterOf, QUEUES, type QueueName, SCHEMA } from "./queues";

/** How a queue stands. */
export interface QueueCounts {
  queue: QueueName;
  waiting: number;
  active: number;
  /** Failed, and to be tried again. */
  retrying: number;
  /** Put back until quota is there again. */
  postponed: number;
  /** When the first of those may be done; null if there is none. */
  postponedUntil: Date | null;
  /** Of the last seven days. */
  done: number;
  /** Failed in every try. */
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

/** How queues stand, from the jobs themselves. */
export async function queueCounts(jobs: Jobs, queues: readonly QueueName[] = QUEUES): Promise<QueueCounts[]> {
  const names = queues.flatMap((queue) => [queue, deadLetterOf(queue)]);
  const rows = await jobs.withRetries(() => jobs.query<Row>(SQL, [names]));
  return queues.map((queue) => {
    const { name: _, ...counts } = { name: queue, ...NONE, ...rows.find((row) => row.name === queue) };
    const dead = rows.find((row) => row.name === deadLetterOf(queue));
    return { queue, ...counts, dead: dead?.waiting ?? 0 };
  });
}

/** Whether nothing of a queue waits, runs or is to be tried again. */
export async function settled(jobs: Jobs, queue: QueueName): Promise<boolean> {
  const [counts] = await queueCounts(jobs, [queue]);
  return counts === undefined || counts.waiting + counts.active + counts.retrying + counts.postponed === 0;
}

/** The database's clock. */
export async function databaseNow(jobs: Jobs): Promise<Date> {
  const [row] = await jobs.withRetries(() => jobs.query<{ now: Date }>("select now() as now", []));
  return row?.now ?? new Date();
}

/** Items that the jobs of a queue did since a time of the database's clock. */
export async function itemsDone(jobs: Jobs, queue: QueueName, since: Date): Promise<number> {
  const sql = `select coalesce(sum((output ->> 'items')::int), 0)::int as items from ${SCHEMA}.job
    where name = $1 and state = 'completed' and completed_on >= $2`;
  const [row] = await jobs.withRetries(() => jobs.query<{ items: number }>(sql, [queue, since]));
  return row?.items ?? 0;
}
