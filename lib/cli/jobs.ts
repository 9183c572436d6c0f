import { escapeLine } from "../base";
import { QUEUES } from "../config";
import type { DeadLetter, Jobs, QueueCounts, QueueName } from "../jobs";
import { defineCommand } from "./command";
import { answer, CommonSettings } from "./context";
import { table } from "./table";

const SHOWN_LETTERS = 5;

const QUEUE = { name: "<queue>", description: `one or more of ${QUEUES.join(", ")}, separated by commas` };

const retryCommand = defineCommand({
  name: "retry",
  summary: "send dead letters to their queue again",
  operands: [QUEUE],
  settings: { common: CommonSettings },
  examples: ["videos"],
  async run({ common }, [names = ""]) {
    const { retryDeadLetters } = await import("../jobs");
    await onQueues(names, async (jobs, queue) => {
      const sent = await retryDeadLetters(jobs, queue);
      answer(common, { queue, sent }, `${queue}: ${sent} dead letters sent again`);
    });
  },
});

const clearCommand = defineCommand({
  name: "clear",
  summary: "delete what is waiting in a queue, and its dead letters",
  operands: [QUEUE],
  settings: { common: CommonSettings },
  examples: ["embed"],
  async run({ common }, [names = ""]) {
    const { clearQueue } = await import("../jobs");
    await onQueues(names, async (jobs, queue) => {
      const forgotten = await clearQueue(jobs, queue);
      answer(
        common,
        { queue, forgotten },
        `${queue}: ${forgotten} jobs deleted; work that is still to be done can be queued again`,
      );
    });
  },
});

export const jobsCommand = defineCommand({
  name: "jobs",
  group: "Server",
  summary: "show the queues that workers share; needs DATABASE_URL",
  settings: { common: CommonSettings },
  examples: ["", "retry videos"],
  subcommands: [retryCommand, clearCommand],
  async run({ common }) {
    const { deadLetters, queueCounts } = await import("../jobs");
    await withJobs(async (jobs) => {
      const queues = await queueCounts(jobs);
      const dead: DeadLetter[] = [];
      for (const { queue } of queues.filter((counts) => counts.dead > 0))
        dead.push(...(await deadLetters(jobs, queue)));
      answer(common, { queues, dead }, [queuesText(queues), ...lettersText(dead)].join("\n"));
    });
  },
});

async function onQueues(names: string, use: (jobs: Jobs, queue: QueueName) => Promise<void>): Promise<void> {
  const { queuesNamed } = await import("../jobs");
  const queues = queuesNamed(names);
  await withJobs(async (jobs) => {
    for (const queue of queues) await use(jobs, queue);
  });
}

/** Opens the queues in DATABASE_URL and closes them after use, even if that fails. */
export async function withJobs<Result>(use: (jobs: Jobs) => Promise<Result>): Promise<Result> {
  const { openJobs } = await import("../jobs");
  const jobs = await openJobs(process.env.DATABASE_URL, { role: "coordinator" });
  try {
    return await use(jobs);
  } finally {
    await jobs.close();
  }
}

function queuesText(queues: QueueCounts[]): string {
  const headings = ["queue", "waiting", "active", "retrying", "postponed", "until", "done", "dead"];
  const rows = queues.map((counts) => [
    counts.queue,
    counts.waiting,
    counts.active,
    counts.retrying,
    counts.postponed,
    counts.postponedUntil?.toISOString() ?? "",
    counts.done,
    counts.dead,
  ]);
  return table(headings, rows);
}

function lettersText(dead: DeadLetter[]): string[] {
  const lines = dead.slice(0, SHOWN_LETTERS).map(({ queue, tries, failedAt, error, items }) => {
    const shown = items.join(", ");
    return `\n${queue}, ${tries} tries, ${failedAt.toISOString()}: ${escapeLine(error)}\n  ${shown.length > 200 ? `${shown.slice(0, 199)}…` : shown}`;
  });
  return dead.length > SHOWN_LETTERS
    ? [...lines, `\n… and ${dead.length - SHOWN_LETTERS} more (--json lists all)`]
    : lines;
}
