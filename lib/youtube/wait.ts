import type { Progress } from "../base";
import type { Sleep } from "./backoff";

/** The API's own count may lag behind midnight a little. */
const MARGIN_MS = 60_000;
/** The clock is looked at so often: a machine that slept wakes up later than its timers know. */
const LOOK_MS = 30_000;

/** Waits until a quota is given anew; ends at once when the signal aborts. */
export async function* waitUntil(
  reset: Date,
  { now, sleep, signal }: { now: () => Date; sleep: Sleep; signal: AbortSignal | undefined },
): AsyncGenerator<Progress, void> {
  const begun = now().getTime();
  const end = reset.getTime() + MARGIN_MS;
  const note = `until ${reset.toISOString()}, midnight in California`;
  for (;;) {
    const leftMs = end - now().getTime();
    const seconds = { done: Math.round((end - begun - leftMs) / 1000), total: Math.round((end - begun) / 1000) };
    yield { stage: "wait for quota (s)", ...seconds, note, remainingMs: Math.max(0, leftMs) };
    if (leftMs <= 0 || signal?.aborted) return;
    await sleep(Math.min(leftMs, LOOK_MS), signal).catch((thrown: unknown) => {
      if (!signal?.aborted) throw thrown;
    });
  }
}
