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
  "statisticsQuotaExceeded",
  "keyInvalidOld",
  "keyInvalidCurrent",
  "accessNotConfigured",
  "apiDisabled",
  "keyBlocked",
  "forbidden",
  "notFound",
  "notImplemented",
  "invalidPageToken",
  "playlistNotFound",
  "unauthenticated",
] as const;

/** Faults of a page that is answered all the same. */
export const PAGE_FAULTS = [
  /** No items, and a token that leads to them. */
  "emptyPage",
  /** Begins ten items before the page before it ended. */
  "overlappingPage",
  /** Begins five items after: as many as were deleted before it, says the total. */
  "shrunkList",
  /** The token for the next page is the one of this page. */
  "repeatedToken",
  /** The token for the next page is the one of the page before. */
  "cyclingToken",
] as const;

export const FAULTS = [...WIRE_FAULTS, ...ANSWER_FAULTS, ...PAGE_FAULTS] as const;

export type WireFault = (typeof WIRE_FAULTS)[number];
export type PageFault = (typeof PAGE_FAULTS)[number];
export type AnswerFault = (typeof ANSWER_FAULTS)[number];
export type Fault = (typeof FAULTS)[number];
