import { createHash } from "node:crypto";
import type { JobInsert } from "pg-boss";
import type { Jobs } from "./jobs";
import { JOB_SETTINGS, type JobSettings, type QueueName } from "./queues";

const BATCH_SIZE = 500;

/** Pieces of work that become jobs. */
export interface Enqueued<Piece extends object> {
  queue: QueueName;
  pieces: AsyncIterable<Piece>;
  /** Names a piece: while one of that name waits or runs, no second job is made of it. */
  keyOf?: (piece: Piece) => string;
  settings?: Partial<JobSettings>;
  /** Keys that are left out; those of the pieces that were met are added. */
  met?: Set<string>;
}

/** Makes each piece a job, unless it is one already; returns how many pieces were met for the first time. */
export async function enqueue<Piece extends object>(jobs: Jobs, work: Enqueued<Piece>): Promise<number> {
  const { queue, pieces, keyOf = hashOf, met = new Set() } = work;
  const options = optionsOf({ ...JOB_SETTINGS, ...work.settings });
  const before = met.size;
  let batch: JobInsert<Piece>[] = [];
  const send = async () => {
    const full = batch;
    batch = [];
    if (full.length > 0) await jobs.patiently(() => jobs.boss.insert(queue, full));
  };
  for await (const data of pieces) {
    const singletonKey = keyOf(data);
    if (met.has(singletonKey)) continue;
    met.add(singletonKey);
    batch.push({ data, singletonKey, ...options });
    if (batch.length === BATCH_SIZE) await send();
  }
  await send();
  return met.size - before;
}

/** The key of a piece that names itself by all it holds. */
export function hashOf(piece: object): string {
  return createHash("sha256").update(JSON.stringify(piece)).digest("hex").slice(0, 32);
}

const optionsOf = (settings: JobSettings) => ({
  ...{ expireInSeconds: settings.leaseSeconds, heartbeatSeconds: settings.heartbeatSeconds },
  ...{ retryLimit: settings.retryLimit, retryDelay: settings.retryDelaySeconds, retryBackoff: true },
  retryDelayMax: settings.retryDelayMaxSeconds,
});
