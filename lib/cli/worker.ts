import { Command } from "commander";
import type { Paths } from "../config";
import type { Jobs, QueueName, WorkProgress } from "../jobs";
import type { Store } from "../store";
import { answer, type CommonFlags, common, say, withStore } from "./context";
import { type OpenPerformer, openPerformer, type WorkFlags } from "./performers";
import { progressBar } from "./progress";
import { stopSignals } from "./stop-signals";

interface WorkerFlags extends CommonFlags, WorkFlags {
  queue: string;
  concurrency: string;
  exitWhenIdle?: boolean;
  graceSeconds: string;
  watchSeconds: string;
}

export function workerCommand(): Command {
  return common(
    new Command("worker")
      .description("do the work that `collect --queue` and `embed --queue` share out; needs DATABASE_URL")
      .requiredOption("--queue <names>", "of listings, videos, thumbnails and embed; the first named comes first")
      .option("--concurrency <count>", "jobs at once", "4")
      .option("--exit-when-idle", "end once nothing of these queues is left to do")
      .option("--grace-seconds <seconds>", "after SIGTERM or SIGINT, what is not done by then is given back", "20")
      .option("--image <encoder>", "for embed: descriptor (built in) or clip-vit-l-14")
      .option("--text <encoder>", "for embed: title-hash (built in) or minilm")
      .option("--model-dir <folder>", "folder with the encoders in the hub's layout, where the hub is out of reach")
      .option("--watch-seconds <seconds>", "how often leases that ran out are looked for", "10"),
  ).action(async (flags: WorkerFlags) => {
    const { openJobs, queuesNamed } = await import("../jobs");
    const queues = queuesNamed(flags.queue);
    // Before the store, which without DATABASE_URL would be this machine's own.
    const jobs = await openJobs(process.env.DATABASE_URL, { role: "worker", watchSeconds: Number(flags.watchSeconds) });
    try {
      const done = await withStore(flags, (store, paths) => workAt(flags, queues, { store, paths, jobs }));
      answer(flags, done, doneText(done));
    } finally {
      await jobs.close();
    }
    // What was given back may still be under way here, and would keep the process.
    process.exit();
  });
}

interface Workplace {
  store: Store;
  paths: Paths;
  jobs: Jobs;
}

/** Items done, by queue. */
type Done = Partial<Record<QueueName, number>>;

async function workAt(flags: WorkerFlags, queues: QueueName[], place: Workplace): Promise<Done> {
  const { work } = await import("../jobs");
  const signals = stopSignals(Number(flags.graceSeconds) * 1000);
  const opened: OpenPerformer[] = [];
  try {
    for (const queue of queues) opened.push(await openPerformer(flags, queue, place));
    const performers = opened.map(({ performer }) => performer);
    const options = { concurrency: Number(flags.concurrency), exitWhenIdle: flags.exitWhenIdle ?? false, ...signals };
    say(`working on ${queues.join(", ")}`);
    return await shown(work(place.jobs, performers, options));
  } finally {
    for (const { close } of opened) await close();
  }
}

/** Shows what is done; returns the items of each queue. */
async function shown(working: AsyncGenerator<WorkProgress, void>): Promise<Done> {
  const bar = progressBar();
  const done: Done = {};
  for await (const fact of working) {
    if (fact.trouble !== undefined) say(fact.trouble);
    done[fact.stage] = fact.done;
    bar(fact);
  }
  return done;
}

function doneText(done: Done): string {
  const parts = Object.entries(done).map(([queue, items]) => `${queue}: ${items} items`);
  return parts.length === 0 ? "nothing was to be done" : parts.join("\n");
}
