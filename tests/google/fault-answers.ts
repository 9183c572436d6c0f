import type { Refused } from "./answer";
import { newer, older } from "./bodies";
import {
  forbidden,
  invalidPageToken,
  notFound,
  playlistNotFound,
  quotaExceeded,
  rateLimited,
  rateLimitedPerMinute,
  searchQuotaExceeded,
  statisticsQuotaExceeded,
  unauthenticated,
} from "./errors";
import type { AnswerFault } from "./fault-names";
import { accessNotConfigured, apiDisabled, keyBlocked, keyInvalidCurrent, keyInvalidOld } from "./key-errors";

const dailyLimit = (): Refused =>
  older(403, { message: "Daily Limit Exceeded", domain: "usageLimits", reason: "dailyLimitExceeded" });
const userRate = (): Refused =>
  newer(403, "PERMISSION_DENIED", {
    message: "User Rate Limit Exceeded",
    domain: "usageLimits",
    reason: "userRateLimitExceeded",
  });
const backend = (): Refused =>
  newer(500, "INTERNAL", { message: "Backend Error", domain: "global", reason: "backendError" });
const unavailable = (): Refused =>
  newer(503, "UNAVAILABLE", {
    message: "The service is currently unavailable.",
    domain: "global",
    reason: "backendError",
  });
const notImplemented = (): Refused =>
  newer(501, "UNIMPLEMENTED", {
    message: "Operation is not implemented, or supported, or enabled.",
    domain: "global",
    reason: "notImplemented",
  });

/** The answer of a fault by its name. */
export const FAULT_ANSWERS: Record<AnswerFault, (project: string) => Refused> = {
  rateLimited,
  rateLimitedPerMinute,
  userRateLimited: userRate,
  backendError: backend,
  unavailable,
  quotaExceeded,
  dailyLimitExceeded: dailyLimit,
  searchQuotaExceeded: (project) => searchQuotaExceeded(project, 100),
  statisticsQuotaExceeded: (project) => statisticsQuotaExceeded(project, 10_000),
  keyInvalidOld,
  keyInvalidCurrent,
  accessNotConfigured,
  apiDisabled,
  keyBlocked,
  forbidden,
  notFound: () => notFound(),
  notImplemented,
  invalidPageToken,
  playlistNotFound,
  unauthenticated,
};
