import type { RunEvent } from "../../lib/runs";

/** What a run does between two of its events, the second of which names it. */
type Part = "step" | "epoch" | "checkpoint" | "finish";

/** A real run as the clock saw it. */
export interface Clocked {
  /** Seconds of each, in order; `epoch` is what follows an epoch's last step: validation, and SWA's average. */
  seconds: Record<Part, number[]>;
  /** Sum of the three losses, of each step. */
  losses: number[];
  valAuc: number | null;
}

/** Lets a run go to its end and reads the clock at each event. */
export async function clock(events: AsyncGenerator<RunEvent, unknown>): Promise<Clocked> {
  const clocked: Clocked = { seconds: { step: [], epoch: [], checkpoint: [], finish: [] }, losses: [], valAuc: null };
  for (;;) {
    const began = performance.now();
    const { done, value } = await events.next();
    const seconds = (performance.now() - began) / 1000;
    if (done) {
      clocked.seconds.finish.push(seconds);
      return clocked;
    }
    const event = value as RunEvent;
    if (event.kind === "notice") continue;
    clocked.seconds[event.kind].push(seconds);
    if (event.kind === "step") clocked.losses.push(event.total);
    if (event.kind === "epoch") clocked.valAuc = event.valAuc;
  }
}
