import type { Jobs } from "./jobs";
import type { Performer } from "./performer";
import type { QueueName } from "./queues";
import { completeJob, describeFailure, failJob, type HeldJob, returnJob, toAttempt } from "./settle";
import type { WorkProgress } from "./work-progress";

/** How often the database hears of the jobs that are held. */
const BEAT_MS = 3000;

/** The jobs that a worker holds. */
export interface HeldJobs {
  size(): number;
  begin(performer: Performer, job: HeldJob): void;
  /** Whether a queue waits for quota. */
  isPostponed(queue: QueueName): boolean;
  /** What this worker cannot continue with. */
  failure(): { thrown: unknown } | undefined;
  /** Gives back what is still held. */
  end(): Promise<void>;
}

/**
 * Begins to hold jobs: performs each, tells the database that it is alive, and settles it.
 * @param changed called whenever a job has ended
 */
export function holdJobs(jobs: Jobs, tell: (fact: WorkProgress) => void, changed: () => void): HeldJobs {
  const held = new Map<HeldJob, Promise<void>>();
  const done = new Map<QueueName, number>();
  const postponed = new Map<QueueName, Date>();
  let failure: { thrown: unknown } | undefined;
  const beat = setInterval(() => void touch(jobs, [...held.keys()]), BEAT_MS);

  const report = ({ queue }: Performer, items: number, trouble?: string) => {
    done.set(queue, (done.get(queue) ?? 0) + items);
    tell({ stage: queue, done: done.get(queue) ?? 0, ...(trouble === undefined ? {} : { trouble }) });
  };
  const perform = async (performer: Performer, job: HeldJob) => {
    try {
      const items = await performer.perform(job.data);
      if (held.has(job)) report(performer, (await completeJob(jobs, job, items)) ? items : 0);
    } catch (thrown) {
      if (held.has(job)) await settle(performer, job, thrown);
    }
  };
  const settle = async (performer: Performer, job: HeldJob, thrown: unknown) => {
    const verdict = performer.judgeFailure(thrown);
    const { code, message } = describeFailure(thrown);
    if (verdict === "retry") {
      await failJob(jobs, job, thrown);
      const tries = `try ${job.retryCount + 1} of ${job.retryLimit + 1}`;
      return report(performer, 0, `${performer.queue}: ${tries} failed: ${code}: ${message}`);
    }
    if (verdict === "stop") {
      failure ??= { thrown };
      return returnJob(jobs, job);
    }
    postponed.set(performer.queue, verdict.postponedUntil);
    await returnJob(jobs, job, verdict.postponedUntil);
    report(performer, 0, `${performer.queue}: waits for quota until ${verdict.postponedUntil.toISOString()}`);
  };
  return {
    size: () => held.size,
    begin(performer, job) {
      const noted = (thrown: unknown) => {
        failure ??= { thrown };
      };
      held.set(
        job,
        perform(performer, job)
          .catch(noted)
          .finally(() => {
            held.delete(job);
            changed();
          }),
      );
    },
    isPostponed: (queue) => (postponed.get(queue)?.getTime() ?? 0) > Date.now(),
    failure: () => failure,
    async end() {
      clearInterval(beat);
      const left = [...held.keys()];
      held.clear();
      await Promise.all(left.map((job) => returnJob(jobs, job)));
    },
  };
}

/** A beat that does not arrive is followed by the next; a job whose beats all fail to arrive goes to another worker. */
async function touch({ boss }: Jobs, held: HeldJob[]): Promise<void> {
  for (const queue of new Set(held.map(({ name }) => name))) {
    const own = held.filter(({ name }) => name === queue).map(toAttempt);
    await boss.touch(queue, own).catch(() => {});
  }
}
