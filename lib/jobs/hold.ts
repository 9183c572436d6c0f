import type { Jobs } from "./jobs";
import type { Performer } from "./performer";
import type { QueueName } from "./queues";
import { completeJob, describeFailure, failJob, type HeldJob, returnJob, toAttempt } from "./settle";
import type { WorkProgress } from "./work-progress";

/** Interval of the heartbeats for the jobs that a worker holds. */
const BEAT_MS = 3000;

/** The jobs that a worker holds. */
export interface HeldJobs {
  size(): number;
  begin(performer: Performer, job: HeldJob): void;
  /** Whether a queue is waiting for quota. */
  isPostponed(queue: QueueName): boolean;
  /** The failure that stops this worker, if there is one. */
  failure(): { thrown: unknown } | undefined;
  /** Returns the jobs that are still held to their queues. */
  end(): Promise<void>;
}

/**
 * Holds jobs for a worker: performs each, sends its heartbeats, and completes, fails or returns it.
 * @param changed called whenever a job ends
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

/** Sends heartbeats. A lost one does not matter, since more follow; if all are lost, another worker takes the job. */
async function touch({ boss }: Jobs, held: HeldJob[]): Promise<void> {
  for (const queue of new Set(held.map(({ name }) => name))) {
    const own = held.filter(({ name }) => name === queue).map(toAttempt);
    await boss.touch(queue, own).catch(() => {});
  }
}
