import type { JobWithMetadata } from "pg-boss";
import { messageOf, ThumbrankError, withoutSecrets } from "../base";
import type { Jobs } from "./jobs";

/** A job that this worker holds; its id and retry count identify the attempt. */
export type HeldJob = JobWithMetadata<object>;

const LONGEST_MESSAGE = 1000;

/** Marks a job as done. @returns false if this worker no longer held it */
export async function completeJob(jobs: Jobs, job: HeldJob, items: number): Promise<boolean> {
  return isSettled(await jobs.withRetries(() => jobs.boss.complete(job.name, toAttempt(job), { items })));
}

/** Records a failure: the job is retried later or becomes a dead letter. @returns false if no longer held */
export async function failJob(jobs: Jobs, job: HeldJob, thrown: unknown): Promise<boolean> {
  return isSettled(await jobs.withRetries(() => jobs.boss.fail(job.name, toAttempt(job), describeFailure(thrown))));
}

/** The stored part of a failure: code and message, without secrets or a stack trace. */
export function describeFailure(thrown: unknown): { code: string; message: string } {
  const code = thrown instanceof Error ? thrown.name : "Error";
  const text = thrown instanceof ThumbrankError ? thrown.message : messageOf(thrown);
  return { code, message: withoutSecrets(text).slice(0, LONGEST_MESSAGE) };
}

/**
 * Puts a job back as if it had never been fetched.
 * @param startAfter earliest time at which a worker may fetch it; at once if omitted
 */
export async function returnJob(jobs: Jobs, job: HeldJob, startAfter?: Date): Promise<void> {
  await jobs.withRetries(() => returnJobOnce(jobs, job, startAfter));
}

async function returnJobOnce({ boss, begin }: Jobs, job: HeldJob, startAfter?: Date): Promise<void> {
  const transaction = await begin();
  const { db } = transaction;
  try {
    // One transaction: a job with the same key cannot be inserted while this one exists.
    const deleted = await boss.deleteJob(job.name, toAttempt(job), { db });
    if (isSettled(deleted)) await boss.insert(job.name, [again(job, startAfter)], { db });
    await transaction.commit();
  } catch (thrown) {
    await transaction.rollback();
    throw thrown;
  }
}

const again = (job: HeldJob, startAfter?: Date) => ({
  data: job.data,
  priority: job.priority,
  ...(startAfter && { startAfter }),
  ...(job.singletonKey === null ? {} : { singletonKey: job.singletonKey }),
  retryLimit: job.retryLimit,
  retryDelay: job.retryDelay,
  retryBackoff: job.retryBackoff,
  ...(job.retryDelayMax === undefined || job.retryDelayMax === null ? {} : { retryDelayMax: job.retryDelayMax }),
  expireInSeconds: job.expireInSeconds,
  ...(job.heartbeatSeconds === null ? {} : { heartbeatSeconds: job.heartbeatSeconds }),
});

export const toAttempt = ({ id, retryCount }: HeldJob) => ({ id, retryCount });

/** pg-boss returns how many jobs a call affected, but its types omit it. */
function isSettled(response: object): boolean {
  return Reflect.get(response, "affected") !== 0;
}
