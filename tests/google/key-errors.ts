import { Refused } from "./answer";
import { INFO, newer, SERVICE } from "./bodies";

// What a key is refused with; "observed" as in errors.ts.

/** Observed. */
export function keyInvalidOld(): Refused {
  const code = 400;
  const message = "Bad Request";
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
export function accessNotConfigured(project: string): Refused {
  const item = { message: disabledMessage(project), domain: "usageLimits", reason: "accessNotConfigured" };
  const extendedHelp = "https://console.developers.google.com";
  return new Refused(403, { error: { errors: [{ ...item, extendedHelp }], code: 403, message: item.message } });
}

/** Observed from `errors[].domain` on. */
export function apiDisabled(project: string): Refused {
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

export function keyBlocked(project: string): Refused {
  const message = "Requests to this API youtube method youtube.api.v3.V3DataSearchService.List are blocked.";
  const metadata = { service: SERVICE, consumer: `projects/${project}` };
  const info = { "@type": INFO, reason: "API_KEY_SERVICE_BLOCKED", domain: "googleapis.com", metadata };
  return newer(403, "PERMISSION_DENIED", { message, domain: "global", reason: "forbidden" }, [info]);
}
