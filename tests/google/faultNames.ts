/** Faults that break an answer on its way. */
export const WIRE_FAULTS = [
  "resetBefore",
  "resetMiddle",
  "cutBody",
  "truncatedJson",
  "slow",
  "proxyPage",
  "portalPage",
] as const;

/** Faults that are answers of their own. */
export const ANSWER_FAULTS = [
  "rateLimited",
  "rateLimitedPerMinute",
  "userRateLimited",
  "backendError",
  "unavailable",
  "quotaExceeded",
  "dailyLimitExceeded",
  "searchQuotaExceeded",
  "keyInvalidOld",
  "keyInvalidCurrent",
  "accessNotConfigured",
  "apiDisabled",
  "keyBlocked",
  "forbidden",
  "notFound",
  "invalidPageToken",
  "unauthenticated",
] as const;

export const FAULTS = [...WIRE_FAULTS, ...ANSWER_FAULTS] as const;

export type WireFault = (typeof WIRE_FAULTS)[number];
export type AnswerFault = (typeof ANSWER_FAULTS)[number];
export type Fault = (typeof FAULTS)[number];
