import { Refused } from "./answer";
import type { AnswerFault } from "./faultNames";

// Google's error bodies. Those marked "observed" are word for word what public code reports of live answers; the others
// follow the documented reason in the shape of the observed ones.

interface Item {
  message: string;
  domain: string;
  reason: string;
  location?: string;
  locationType?: string;
}

/** The older form: code, message and a list. */
function older(code: number, item: Item): Refused {
  return new Refused(code, { error: { code, message: item.message, errors: [item] } });
}

/** The newer form: also a status and, mostly, details. */
function newer(code: number, status: string, item: Item, details?: object[]): Refused {
  const more = details ? { status, details } : { status };
  return new Refused(code, { error: { code, message: item.message, errors: [item], ...more } });
}

const INFO = "type.googleapis.com/google.rpc.ErrorInfo";
const SERVICE = "youtube.googleapis.com";

/** Observed. */
export function quotaExceeded(): Refused {
  const message =
    'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.';
  return older(403, { message, domain: "youtube.quota", reason: "quotaExceeded" });
}

/** Observed up to `quota_unit`; the rest of the metadata is assumed. */
export function searchQuotaExceeded(project: string, limit: number): Refused {
  const message = `Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day' of service '${SERVICE}' for consumer 'project_number:${project}'.`;
  const metadata = {
    quota_location: "global",
    quota_limit: "defaultSearchListPerDayPerProject",
    quota_unit: "1/d/{project}",
    quota_limit_value: String(limit),
    quota_metric: `${SERVICE}/search_list`,
    consumer: `projects/${project}`,
    service: SERVICE,
  };
  const info = { "@type": INFO, reason: "RATE_LIMIT_EXCEEDED", domain: "googleapis.com", metadata };
  return newer(429, "RESOURCE_EXHAUSTED", { message, domain: "global", reason: "rateLimitExceeded" }, [info]);
}

/** Observed for other APIs of Google: a rate, not a day. */
export function rateLimited(): Refused {
  const message = "Resource has been exhausted (e.g. check quota).";
  return newer(429, "RESOURCE_EXHAUSTED", { message, domain: "global", reason: "rateLimitExceeded" });
}

/** A rate, with details that name the minute. */
export function rateLimitedPerMinute(project: string): Refused {
  const message = `Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service '${SERVICE}' for consumer 'project_number:${project}'.`;
  const metadata = {
    quota_location: "global",
    quota_limit: "defaultPerMinutePerProject",
    quota_unit: "1/min/{project}",
    consumer: `projects/${project}`,
    service: SERVICE,
  };
  const info = { "@type": INFO, reason: "RATE_LIMIT_EXCEEDED", domain: "googleapis.com", metadata };
  return newer(429, "RESOURCE_EXHAUSTED", { message, domain: "global", reason: "rateLimitExceeded" }, [info]);
}

/** Observed. */
export function keyInvalidOld(): Refused {
  const [code, message] = [400, "Bad Request"];
  return new Refused(code, {
    error: { errors: [{ domain: "usageLimits", reason: "keyInvalid", message }], code, message },
  });
}

/** Observed. */
export function keyInvalidCurrent(): Refused {
  const message = "API key not valid. Please pass a valid API key.";
  return newer(400, "INVALID_ARGUMENT", { message, domain: "global", reason: "badRequest" }, [
    { "@type": INFO, reason: "API_KEY_INVALID", domain: "googleapis.com", metadata: { service: SERVICE } },
    { "@type": "type.googleapis.com/google.rpc.LocalizedMessage", locale: "en-US", message },
  ]);
}

/** Observed. */
export function keyMissing(): Refused {
  const message = "The request is missing a valid API key.";
  return newer(403, "PERMISSION_DENIED", { message, domain: "global", reason: "forbidden" });
}

const disabledMessage = (project: string) =>
  `YouTube Data API v3 has not been used in project ${project} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${SERVICE}/overview?project=${project} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;

/** The older form: no details. */
function accessNotConfigured(project: string): Refused {
  const item = { message: disabledMessage(project), domain: "usageLimits", reason: "accessNotConfigured" };
  const extendedHelp = "https://console.developers.google.com";
  return new Refused(403, { error: { errors: [{ ...item, extendedHelp }], code: 403, message: item.message } });
}

/** Observed from `errors[].domain` on. */
function apiDisabled(project: string): Refused {
  const item = { message: disabledMessage(project), domain: "usageLimits", reason: "accessNotConfigured" };
  const url = `https://console.developers.google.com/apis/api/${SERVICE}/overview?project=${project}`;
  const links = [{ description: "Google developers console API activation", url }];
  const metadata = { service: SERVICE, consumer: `projects/${project}` };
  const details = [
    { "@type": "type.googleapis.com/google.rpc.Help", links },
    { "@type": INFO, reason: "SERVICE_DISABLED", domain: "googleapis.com", metadata },
  ];
  const errors = [{ ...item, extendedHelp: "https://console.developers.google.com" }];
  return new Refused(403, {
    error: { code: 403, message: item.message, errors, status: "PERMISSION_DENIED", details },
  });
}

function keyBlocked(project: string): Refused {
  const message = "Requests to this API youtube method youtube.api.v3.V3DataSearchService.List are blocked.";
  const metadata = { service: SERVICE, consumer: `projects/${project}` };
  const info = { "@type": INFO, reason: "API_KEY_SERVICE_BLOCKED", domain: "googleapis.com", metadata };
  return newer(403, "PERMISSION_DENIED", { message, domain: "global", reason: "forbidden" }, [info]);
}

/** Observed. */
export function playlistNotFound(): Refused {
  const message = "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.";
  const place = { location: "playlistId", locationType: "parameter" };
  return older(404, { message, domain: "youtube.playlistItem", reason: "playlistNotFound", ...place });
}

export function playlistForbidden(): Refused {
  const message = "The request is not properly authorized to retrieve the specified playlist.";
  const place = { location: "playlistId", locationType: "parameter" };
  return older(403, { message, domain: "youtube.playlistItem", reason: "playlistItemsNotAccessible", ...place });
}

/** Observed. */
export function invalidPageToken(): Refused {
  const message = "The request specifies an invalid page token.";
  const place = { location: "pageToken", locationType: "parameter" };
  return older(400, { message, domain: "youtube.parameter", reason: "invalidPageToken", ...place });
}

/** Observed: the message is the quoted name alone. */
export function unknownPart(part: string): Refused {
  const place = { location: "part", locationType: "parameter" };
  return older(400, { message: `'${part}'`, domain: "youtube.part", reason: "unknownPart", ...place });
}

/** Observed in form. */
export function noFilter(names: readonly string[]): Refused {
  const message = `No filter selected. Expected one of: ${names.join(", ")}`;
  return older(400, {
    message,
    domain: "youtube.parameter",
    reason: "missingRequiredParameter",
    location: "",
    locationType: "parameter",
  });
}

export function incompatible(names: readonly string[]): Refused {
  const message = `Incompatible parameters specified in the request: ${names.join(", ")}`;
  return older(400, {
    message,
    domain: "youtube.parameter",
    reason: "incompatibleParameters",
    location: "",
    locationType: "parameter",
  });
}

export function invalidFilters(): Refused {
  const message = "The request specifies an invalid filter parameter.";
  return older(400, {
    message,
    domain: "youtube.parameter",
    reason: "invalidFilters",
    location: "parameters.",
    locationType: "other",
  });
}

export function requiredParameter(name: string): Refused {
  const message = `Required parameter: ${name}`;
  return older(400, { message, domain: "global", reason: "required", location: name, locationType: "parameter" });
}

/** Observed in form, for ranges, allowed values and fields. */
export function invalidParameter(location: string, message: string): Refused {
  return older(400, { message, domain: "global", reason: "invalidParameter", location, locationType: "parameter" });
}

/** Observed for other APIs of Google: a name that the method does not know. */
export function unknownParameter(name: string): Refused {
  const description = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
  return violation(description);
}

/** Observed for other APIs of Google: a text that is no number or no boolean. */
export function invalidValue(name: string, type: string, value: string): Refused {
  return violation(`Invalid value at '${name}' (${type}), "${value}"`);
}

function violation(description: string): Refused {
  const detail = { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ description }] };
  return newer(400, "INVALID_ARGUMENT", { message: description, domain: "global", reason: "badRequest" }, [detail]);
}

/** Observed. */
export function unauthenticated(): Refused {
  const message =
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";
  const item = {
    message: "Invalid Credentials",
    domain: "global",
    reason: "authError",
    location: "Authorization",
    locationType: "header",
  };
  return new Refused(401, { error: { code: 401, message, errors: [item], status: "UNAUTHENTICATED" } });
}

/** Observed. */
export function insufficientScopes(service: string): Refused {
  const message = "Request had insufficient authentication scopes.";
  const errors = [{ message: "Insufficient Permission", domain: "global", reason: "insufficientPermissions" }];
  const info = {
    "@type": INFO,
    reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    domain: "googleapis.com",
    metadata: { service },
  };
  return new Refused(403, { error: { code: 403, message, errors, status: "PERMISSION_DENIED", details: [info] } });
}

export const notFound = (what = "Requested entity was not found."): Refused =>
  newer(404, "NOT_FOUND", { message: what, domain: "global", reason: "notFound" });

export const alreadyExists = (): Refused =>
  newer(409, "ALREADY_EXISTS", {
    message: "Requested entity already exists",
    domain: "global",
    reason: "alreadyExists",
  });

export const forbidden = (): Refused =>
  older(403, { message: "The caller does not have permission", domain: "youtube.common", reason: "forbidden" });

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
  keyInvalidOld,
  keyInvalidCurrent,
  accessNotConfigured,
  apiDisabled,
  keyBlocked,
  forbidden,
  notFound: () => notFound(),
  invalidPageToken,
  unauthenticated,
};
