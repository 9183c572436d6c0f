import { setTimeout as timer } from "node:timers/promises";
import type { Progress, Random } from "../base";

/** How often and for how long a call is repeated after a transient failure. */
export interface RetryOptions {
  attempts: number;
  /** No further attempt starts after this time. */
  timeMs: number;
  /** Longest wait before the second attempt; doubles with each attempt. */
  firstDelayMs: number;
  longestDelayMs: number;
}

export const RETRIES: RetryOptions = { attempts: 8, timeMs: 600_000, firstDelayMs: 500, longestDelayMs: 60_000 };

/** Waits; rejects at once if the signal aborts. Injectable, so that tests need not wait. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (ms, signal) => {
  await timer(ms, undefined, signal === undefined ? {} : { signal });
};

/** The API may reset its own count a little after midnight. */
const MARGIN_MS = 60_000;
/** How often the clock is checked: timers are late on a machine that was suspended. */
const LOOK_MS = 30_000;

/** Full jitter: a random delay up to a bound that doubles, so that programs do not all retry at the same time. */
export function delayMs(attempt: number, source: Random, { firstDelayMs, longestDelayMs }: RetryOptions): number {
  return source.uniform() * Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
}

/** Waits until the quota is reset; ends at once if the signal aborts. */
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
