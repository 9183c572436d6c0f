import { z } from "zod";

/** How to react to an error answer. */
export type Fault =
  /** Transient: wait and send again. */
  | { kind: "retry"; reason: string }
  /** The day's quota is used up: that of searches, or of the bucket that this call is counted in. */
  | { kind: "quota"; search: boolean }
  /** This one item is not available. */
  | { kind: "item"; reason: string }
  /** All calls fail until the user fixes the key or the project. */
  | { kind: "key" | "disabled"; reason: string }
  | { kind: "refused"; status: number; reason: string };

const Body = z.object({
  error: z.object({
    message: z.string().default(""),
    errors: z.array(z.object({ reason: z.string().default("") })).default([]),
    details: z
      .array(
        z.object({
          reason: z.string().default(""),
          metadata: z.object({ quota_limit: z.string().optional() }).default({}),
        }),
      )
      .default([]),
  }),
});

const QUOTA = /^(quotaExceeded|dailyLimitExceeded)$/;
const DAILY_LIMIT = /PerDay/i;
const DAILY_SEARCHES = /SearchList\w*PerDay/i;
const KEY =
  /^(keyInvalid|keyExpired|dailyLimitExceededUnreg|ipRefererBlocked|API_KEY_\w+|CREDENTIALS_MISSING|required)$/;
const DISABLED = /^(accessNotConfigured|SERVICE_DISABLED|CONSUMER_SUSPENDED|CONSUMER_INVALID)$/;
const PASSING =
  /^(rateLimitExceeded|userRateLimitExceeded|backendError|internalError|processingFailure|RATE_LIMIT_EXCEEDED)$/;
const STALE_PAGE = /^invalidPageToken$/;
/** Statuses that a bad page token can cause, since the first page of the same list was answered. */
const PAGE_STATUSES = [400, 404, 410];

/**
 * Classifies an answer outside of 200-299 by the API's own reasons first, then by its status. An answer that is not the
 * API's JSON comes from a proxy or gateway and counts as transient.
 * @param isLaterPage whether the call has a page token
 */
export function classifyFault(status: number, body: string, isLaterPage = false): Fault {
  const error = parsed(body);
  if (error === null) return { kind: "retry", reason: `status ${status} without the API's JSON` };
  const reasons = [...error.errors, ...error.details].map(({ reason }) => reason).filter((reason) => reason !== "");
  const limits = error.details.flatMap(({ metadata }) => metadata.quota_limit ?? []);
  const found = (pattern: RegExp) => reasons.find((reason) => pattern.test(reason));
  if (found(QUOTA) !== undefined || limits.some((limit) => DAILY_LIMIT.test(limit)))
    return { kind: "quota", search: limits.some((limit) => DAILY_SEARCHES.test(limit)) };
  const key = found(KEY);
  const disabled = found(DISABLED);
  if (key !== undefined) return { kind: "key", reason: key };
  if (disabled !== undefined) return { kind: "disabled", reason: disabled };
  const reason = reasons[0] ?? (error.message || `status ${status}`);
  if (found(PASSING) !== undefined || status >= 500 || status === 429 || status === 408)
    return { kind: "retry", reason: `status ${status} ${reason}` };
  const isRefusedPage = found(STALE_PAGE) !== undefined || (isLaterPage && PAGE_STATUSES.includes(status));
  if (status === 403 || status === 404 || isRefusedPage) return { kind: "item", reason };
  return { kind: "refused", status, reason: `${reason}${error.message === "" ? "" : ` (${error.message})`}` };
}

function parsed(body: string): z.infer<typeof Body>["error"] | null {
  try {
    return Body.safeParse(JSON.parse(body)).data?.error ?? null;
  } catch {
    return null;
  }
}
