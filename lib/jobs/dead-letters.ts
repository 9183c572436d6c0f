import { z } from "zod";
import type { JobData } from "./job-mapping";
import type { Jobs } from "./jobs";
import { deadLetterOf, type QueueName } from "./queues";

/** A piece of work that failed in every try. */
export interface DeadLetter {
  queue: QueueName;
  /** Names of the items of its piece, such as ids of videos. */
  items: string[];
  tries: number;
  failedAt: Date;
  /** Code and message of the last failure; no secret is in it. */
  error: string;
}

const Output = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  value: z.object({ message: z.string() }).optional(),
});

/** Dead letters of a queue, newest first. @param limit most of them */
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

/** Sends the dead letters of a queue to it again; returns how many. */
export async function retryDeadLetters(jobs: Jobs, queue: QueueName): Promise<number> {
  let sent = 0;
  for (;;) {
    const moved = await jobs.boss.redrive(deadLetterOf(queue));
    if (moved === 0) return sent;
    sent += moved;
  }
}

/** Forgets what waits in a queue, and its dead letters; what is in progress ends by itself. Returns how many. */
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
