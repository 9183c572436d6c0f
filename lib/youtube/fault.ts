import { z } from "zod";

/** What an answer that is no success asks of us. */
export type Fault =
  /** May pass: wait and send again. */
  | { kind: "retry"; reason: string }
  /** The day's quota is used up: of the searches, or of what this call is counted in. */
  | { kind: "quota"; search: boolean }
  /** This one item is not to be had. */
  | { kind: "item"; reason: string }
  /** Nothing will be had before somebody mends it. */
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
/** What a page token alone can be at fault for, where the first page of the same call was answered. */
const PAGE_STATUSES = [400, 404, 410];

/**
 * What to do about an answer outside of 200-299, by the API's own reasons first, then by its status. What is not the
 * API's JSON comes from something between us and it, and may pass.
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
