import { setTimeout as timer } from "node:timers/promises";
import type { Random } from "../base";

/** How often and how long a call is repeated that may pass. */
export interface RetryOptions {
  attempts: number;
  /** No further attempt is begun after so long. */
  timeMs: number;
  /** Longest wait before the second attempt; doubles with each. */
  firstDelayMs: number;
  longestDelayMs: number;
}

export const RETRIES: RetryOptions = { attempts: 8, timeMs: 600_000, firstDelayMs: 500, longestDelayMs: 60_000 };

/** Waits; rejects at once when the signal aborts. Injectable, so that tests need not wait. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (ms, signal) => {
  await timer(ms, undefined, signal === undefined ? {} : { signal });
};

/** Full jitter: anything up to a bound that doubles, so that many programs do not come back together. */
export function delayMs(attempt: number, source: Random, { firstDelayMs, longestDelayMs }: RetryOptions): number {
  return source.uniform() * Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
}
