import { z } from "zod";
import { BUILT_IN_ENCODERS, encoderFlags, type Paths, QUEUES } from "../config";
import type { Jobs, QueueName, WorkProgress } from "../jobs";
import type { Store } from "../store";
import { defineCommand } from "./command";
import { answer, type CommonFlags, CommonSettings, say, withStore } from "./context";
import { type WorkerEncoderFlags, WorkerEncoderSettings } from "./encoder-flags";
import { type OpenPerformer, openPerformer } from "./performers";
import { progressBar } from "./progress";
import { stopSignals } from "./stop-signals";

const WorkerSettings = z
  .strictObject({
    queue: z.array(z.enum(QUEUES)).min(1).meta({
      commas: true,
      description: "queues to work on, separated by commas; in order of priority",
    }),
    concurrency: z.number().int().min(1).max(64).default(4).meta({ unit: "jobs", description: "jobs at once" }),
    exitWhenIdle: z.boolean().default(false).meta({ description: "exit when these queues are empty" }),
    graceSeconds: z.number().min(0).max(86_400).default(20).meta({
      unit: "seconds",
      description: "after SIGTERM or SIGINT, what is not done by then is returned to the queue",
    }),
    watchSeconds: z.number().int().min(1).max(3600).default(10).meta({
      unit: "seconds",
      description: "how often to look for expired leases",
    }),
  })
  .meta({ title: "Work" });

type WorkerFlags = CommonFlags & z.output<typeof WorkerSettings> & WorkerEncoderFlags;

export const workerCommand = defineCommand({
  name: "worker",
  group: "Server",
  summary: "do the work that `collect --queue` and `embed --queue` put in the queues; needs DATABASE_URL",
  settings: { work: WorkerSettings, encoders: WorkerEncoderSettings, common: CommonSettings },
  examples: ["--queue listings,videos,thumbnails", `--queue embed ${encoderFlags(BUILT_IN_ENCODERS)} --exit-when-idle`],
  async run({ work: chosen, encoders, common }) {
    const { openJobs } = await import("../jobs");
    const flags = { ...chosen, ...encoders, ...common };
    const queues = [...new Set(flags.queue)];
    // Open the queues before the store: without DATABASE_URL, the store would be this machine's own.
    const jobs = await openJobs(process.env.DATABASE_URL, { role: "worker", watchSeconds: flags.watchSeconds });
    try {
      const done = await withStore(flags, (store, paths) => workAt(flags, queues, { store, paths, jobs }));
      answer(flags, done, doneText(done));
    } finally {
      await jobs.close();
    }
    // Work returned to the queue may still be running here, and would keep the process alive.
    process.exit();
  },
});

interface Workplace {
  store: Store;
  paths: Paths;
  jobs: Jobs;
}

/** Number of items done, by queue. */
type Done = Partial<Record<QueueName, number>>;

async function workAt(flags: WorkerFlags, queues: QueueName[], place: Workplace): Promise<Done> {
  const { work } = await import("../jobs");
  const signals = stopSignals(flags.graceSeconds * 1000);
  const opened: OpenPerformer[] = [];
  try {
    for (const queue of queues) opened.push(await openPerformer(flags, queue, place));
    const performers = opened.map(({ performer }) => performer);
    const options = { concurrency: flags.concurrency, exitWhenIdle: flags.exitWhenIdle, ...signals };
    say(`working on ${queues.join(", ")}`);
    return await shown(work(place.jobs, performers, options));
  } finally {
    for (const { close } of opened) await close();
  }
}

/** Shows the work done; returns the number of items by queue. */
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
  return parts.length === 0 ? "there was nothing to do" : parts.join("\n");
}
