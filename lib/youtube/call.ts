import type { youtube_v3 } from "@googleapis/youtube";
import type { z } from "zod";
import type { Random } from "../base";
import { messageOf } from "../base";
import { delayMs, type RetryOptions, type Sleep } from "./backoff";
import { type Answer, NoAnswer, type Send } from "./client";
import { ItemRefused, YoutubeApiDisabled, YoutubeCallRefused, YoutubeKeyRefused, YoutubeUnreachable } from "./errors";
import { classifyFault, type Fault } from "./fault";
import { bucketOf, type Method, type Quota } from "./quota";

/** One call of the API, and the shape of its answer. */
export interface Request<Shape> {
  method: Method;
  /** Sends the call with the official client. */
  send(api: youtube_v3.Youtube): Promise<unknown>;
  answer: z.ZodType<Shape>;
  /** Whether it asks for a page after the first. */
  isLaterPage?: boolean;
  /** How often it is sent if YouTube refuses the item; 1 if omitted. More if such a refusal may be transient. */
  refusedAttempts?: number;
  /** Whether a project may lack the method: a status that says so is then no gateway's fault, whatever its body. */
  mayBeMissing?: boolean;
}

/**
 * Makes a call. Each attempt is counted before it is sent; transient failures are retried after a pause.
 * @throws YoutubeQuotaSpent, ItemRefused, YoutubeKeyRefused, YoutubeApiDisabled, YoutubeCallRefused, YoutubeUnreachable
 */
export type Call = <Shape>(request: Request<Shape>) => Promise<Shape>;

export interface CallOptions {
  send: Send;
  quota: Quota;
  retries: RetryOptions;
  random: Random;
  sleep: Sleep;
  now: () => Date;
  /** Ends waits between attempts. */
  signal: AbortSignal | undefined;
}

/** Statuses of a method that the server does not offer. */
const MISSING_METHOD = [404, 405, 501];

/** Result of one attempt. */
type Outcome<Shape> = { shape: Shape } | { fault: Fault; retryAfterMs: number | null };

export function createCall({ send, quota, retries, random, sleep, now, signal }: CallOptions): Call {
  return async (request) => {
    const { method, refusedAttempts = 1 } = request;
    const begun = now().getTime();
    for (let attempt = 1; ; attempt++) {
      const day = await quota.spend(method);
      const outcome = await sendOnce(request, send);
      if ("shape" in outcome) return outcome.shape;
      const { fault, retryAfterMs } = outcome;
      // Throws unless a new quota day has begun since.
      if (fault.kind === "quota") await quota.exhausted(fault.search ? "search" : bucketOf(method), day);
      const mayPass = fault.kind === "item" && attempt < refusedAttempts;
      if (fault.kind !== "quota" && fault.kind !== "retry" && !mayPass) throw toYoutubeError(fault, method);
      const reason = "reason" in fault ? fault.reason : "quota";
      const isLast = attempt === retries.attempts || now().getTime() - begun > retries.timeMs;
      if (isLast) throw new YoutubeUnreachable(method, attempt, reason);
      const waitMs = Math.max(delayMs(attempt, random, retries), retryAfterMs ?? 0);
      await sleep(Math.min(waitMs, retries.longestDelayMs), signal);
    }
  };
}

async function sendOnce<Shape>(request: Request<Shape>, send: Send): Promise<Outcome<Shape>> {
  const { send: call, answer, isLaterPage, mayBeMissing } = request;
  try {
    const { status, body, retryAfterMs } = await send(call);
    if (mayBeMissing && MISSING_METHOD.includes(status))
      return { fault: { kind: "item", reason: `status ${status}` }, retryAfterMs };
    if (status < 200 || status > 299) return { fault: classifyFault(status, body, isLaterPage), retryAfterMs };
    return read(answer, body);
  } catch (thrown) {
    if (!(thrown instanceof NoAnswer)) throw thrown;
    return { fault: { kind: "retry", reason: thrown.message }, retryAfterMs: null };
  }
}

/** Parses a success. If it has the wrong shape it was truncated, or a proxy answered, so it is retried. */
function read<Shape>(answer: z.ZodType<Shape>, body: Answer["body"]): Outcome<Shape> {
  const unusable = (why: string): Outcome<Shape> => ({
    fault: { kind: "retry", reason: `an answer that cannot be read: ${why}` },
    retryAfterMs: null,
  });
  try {
    const parsed = answer.safeParse(JSON.parse(body));
    if (parsed.success) return { shape: parsed.data };
    const [issue] = parsed.error.issues;
    return unusable(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  } catch (thrown) {
    return unusable(messageOf(thrown));
  }
}

function toYoutubeError(fault: Exclude<Fault, { kind: "quota" | "retry" }>, method: Method): Error {
  switch (fault.kind) {
    case "item":
      return new ItemRefused(fault.reason);
    case "key":
      return new YoutubeKeyRefused(fault.reason);
    case "disabled":
      return new YoutubeApiDisabled(fault.reason);
    case "refused":
      return new YoutubeCallRefused(method, fault.status, fault.reason);
  }
}
