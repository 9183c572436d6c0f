import { Refused } from "./answer";
import { INFO, newer, older, SERVICE } from "./bodies";

// Google's error bodies. Those marked "observed" are word for word what public code reports of live answers; the others
// follow the documented reason in the shape of the observed ones.

/** Observed. */
export function quotaExceeded(): Refused {
  const message =
    'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.';
  return older(403, { message, domain: "youtube.quota", reason: "quotaExceeded" });
}

/** Observed up to `quota_unit`; the rest of the metadata is assumed. */
export function searchQuotaExceeded(project: string, limit: number): Refused {
  return methodQuotaExceeded("Search Queries", "defaultSearchListPerDayPerProject", "search_list", project, limit);
}

/** All of it assumed, in the form of the one above. */
export function statisticsQuotaExceeded(project: string, limit: number): Refused {
  const names = ["Video Stats Batch Queries", "defaultVideosBatchGetStatsPerDayPerProject"] as const;
  return methodQuotaExceeded(...names, "video_stats_batch", project, limit);
}

/** A method's own bucket is empty: a 429 whose details name the day's limit. */
function methodQuotaExceeded(name: string, quota: string, metric: string, project: string, limit: number): Refused {
  const message = `Quota exceeded for quota metric '${name}' and limit '${name} per day' of service '${SERVICE}' for consumer 'project_number:${project}'.`;
  const metadata = {
    quota_location: "global",
    quota_limit: quota,
    quota_unit: "1/d/{project}",
    quota_limit_value: String(limit),
    quota_metric: `${SERVICE}/${metric}`,
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
