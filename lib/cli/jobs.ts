import { Command } from "commander";
import { escapeLine } from "../escape";
import type { DeadLetter, Jobs, QueueCounts, QueueName } from "../jobs";
import { answer, type CommonFlags, common } from "./context";
import { table } from "./table";

const SHOWN_LETTERS = 5;

export function jobsCommand(): Command {
  const command = common(
    new Command("jobs").description("show the queues that workers share; needs DATABASE_URL"),
  ).action(async (flags: CommonFlags) => {
    const { deadLetters, queueCounts } = await import("../jobs");
    await withJobs(async (jobs) => {
      const queues = await queueCounts(jobs);
      const dead: DeadLetter[] = [];
      for (const { queue } of queues.filter((counts) => counts.dead > 0))
        dead.push(...(await deadLetters(jobs, queue)));
      answer(flags, { queues, dead }, [queuesText(queues), ...lettersText(dead)].join("\n"));
    });
  });
  command.addCommand(retryCommand());
  command.addCommand(clearCommand());
  return command;
}

function retryCommand(): Command {
  return common(new Command("retry").description("send dead letters to their queue again").argument("<queue>")).action(
    async (name: string, _: CommonFlags, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { retryDeadLetters } = await import("../jobs");
      await onQueues(name, async (jobs, queue) => {
        const sent = await retryDeadLetters(jobs, queue);
        answer(flags, { queue, sent }, `${queue}: ${sent} dead letters sent again`);
      });
    },
  );
}

function clearCommand(): Command {
  return common(
    new Command("clear").description("forget what waits in a queue, and its dead letters").argument("<queue>"),
  ).action(async (name: string, _: CommonFlags, command: Command) => {
    const flags = command.optsWithGlobals<CommonFlags>();
    const { clearQueue } = await import("../jobs");
    await onQueues(name, async (jobs, queue) => {
      const forgotten = await clearQueue(jobs, queue);
      answer(
        flags,
        { queue, forgotten },
        `${queue}: ${forgotten} jobs forgotten; what of them is still to be done can be enqueued again`,
      );
    });
  });
}

async function onQueues(names: string, use: (jobs: Jobs, queue: QueueName) => Promise<void>): Promise<void> {
  const { queuesNamed } = await import("../jobs");
  const queues = queuesNamed(names);
  await withJobs(async (jobs) => {
    for (const queue of queues) await use(jobs, queue);
  });
}

/** Opens the queues of DATABASE_URL, uses them and closes them, whatever happens. */
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
    ...[counts.queue, counts.waiting, counts.active, counts.retrying, counts.postponed],
    ...[counts.postponedUntil?.toISOString() ?? "", counts.done, counts.dead],
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
