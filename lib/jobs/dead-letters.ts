import { z } from "zod";
import type { JobData } from "./job-mapping";
import type { Jobs } from "./jobs";
import { deadLetterOf, type QueueName } from "./queues";

/** A piece of work that failed in every attempt. */
export interface DeadLetter {
  queue: QueueName;
  /** Names of the items in its piece, such as video ids. */
  items: string[];
  tries: number;
  failedAt: Date;
  /** Code and message of the last failure, without secrets. */
  error: string;
}

const Output = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  value: z.object({ message: z.string() }).optional(),
});

/** Lists the dead letters of a queue, newest first. @param limit most to return */
export async function deadLetters(jobs: Jobs, queue: QueueName, limit = 1000): Promise<DeadLetter[]> {
  const found = await jobs.withRetries(() => jobs.boss.findJobs<JobData>(deadLetterOf(queue), { limit }));
  return found
    .map(({ data, sourceRetryCount, createdOn, sourceOutput }) => ({
      queue,
      items: data.items,
      tries: 1 + (sourceRetryCount ?? 0),
      failedAt: createdOn,
      error: errorText(sourceOutput),
    }))
    .reverse();
}

/** Moves the dead letters of a queue back into it; returns how many. */
export async function retryDeadLetters(jobs: Jobs, queue: QueueName): Promise<number> {
  let sent = 0;
  for (;;) {
    const moved = await jobs.boss.redrive(deadLetterOf(queue));
    if (moved === 0) return sent;
    sent += moved;
  }
}

/** Deletes a queue's waiting jobs and dead letters, and returns how many; jobs in progress are left to finish. */
export async function clearQueue(jobs: Jobs, queue: QueueName): Promise<number> {
  const waiting = await jobs.boss.deleteQueuedJobs(queue);
  return waiting + ((await jobs.boss.deleteAllJobs(deadLetterOf(queue))) ?? 0);
}

function errorText(output: unknown): string {
  const parsed = Output.safeParse(output);
  if (!parsed.success) return "unknown";
  const { code, message, value } = parsed.data;
  if (value) return `the worker was lost in every try (${value.message})`;
  return [code, message].filter(Boolean).join(": ");
}
