// Error bodies as the API is reported to give them; see ../../../shared/data/youtube-api/observed_error_bodies.json.

const error = (code: number, reason: string, more: object = {}, message = reason) => ({
  error: { code, message, errors: [{ message, domain: "youtube", reason }], ...more },
});
const info = (reason: string, metadata: object = {}) => ({
  details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com", metadata }],
});

export const BODIES = {
  quotaExceeded: error(403, "quotaExceeded"),
  dailyLimitExceeded: error(403, "dailyLimitExceeded"),
  searchesPerDay: error(429, "rateLimitExceeded", {
    status: "RESOURCE_EXHAUSTED",
    ...info("RATE_LIMIT_EXCEEDED", {
      quota_limit: "defaultSearchListPerDayPerProject",
      quota_unit: "1/d/{project}",
    }),
  }),
  rateLimitExceeded: error(
    429,
    "rateLimitExceeded",
    info("RATE_LIMIT_EXCEEDED", { quota_limit: "defaultPerMinutePerProject" }),
  ),
  rateLimitExceeded403: error(403, "rateLimitExceeded"),
  userRateLimitExceeded: error(403, "userRateLimitExceeded"),
  backendError: error(500, "backendError"),
  unavailable: { error: { code: 503, message: "The service is currently unavailable.", status: "UNAVAILABLE" } },
  keyInvalidOld: {
    error: { errors: [{ domain: "usageLimits", reason: "keyInvalid", message: "Bad Request" }], code: 400 },
  },
  keyInvalidNew: error(400, "badRequest", { status: "INVALID_ARGUMENT", ...info("API_KEY_INVALID") }),
  accessNotConfigured: error(403, "accessNotConfigured", info("SERVICE_DISABLED")),
  playlistNotFound: error(404, "playlistNotFound"),
  channelNotFound: error(404, "channelNotFound"),
  videoNotFound: error(404, "videoNotFound"),
  forbidden: error(403, "playlistItemsNotAccessible"),
  badParameter: error(400, "invalidParameter", {}, "Invalid value of maxResults"),
} as const;
