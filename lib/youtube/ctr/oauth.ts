import { OAuth2Client } from "google-auth-library";
import { z } from "zod";
import { readWebAddress } from "../../base";
import { describeNetworkError, NoAnswer } from "../client";
import { CtrAuthorisationEnded, CtrClientMissing, CtrClientRefused } from "./errors";

/** The narrowest scope that allows reading reports from the Reporting API. */
export const SCOPE = "https://www.googleapis.com/auth/yt-analytics.readonly";

/** The OAuth client's id and secret, which come only from the environment. */
export interface ClientKeys {
  clientId: string;
  clientSecret: string;
}

/** URLs of Google's OAuth endpoints; all below GOOGLE_OAUTH_ROOT_URL if it is set, for stand-ins and tests. */
export interface Endpoints {
  oauth2AuthBaseUrl: string;
  oauth2TokenUrl: string;
  oauth2RevokeUrl: string;
}

/** Reads the OAuth client's keys from the environment. @throws CtrClientMissing */
export function clientKeys(environment: NodeJS.ProcessEnv): ClientKeys {
  const clientId = environment.GOOGLE_CLIENT_ID?.trim();
  const clientSecret = environment.GOOGLE_CLIENT_SECRET?.trim();
  if (clientId && clientSecret) return { clientId, clientSecret };
  const names = { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret };
  throw new CtrClientMissing(Object.entries(names).flatMap(([name, value]) => (value ? [] : [name])));
}

/** Resolves the URLs of the OAuth endpoints. @throws AddressInvalid */
export function resolveEndpoints(environment: NodeJS.ProcessEnv): Endpoints {
  const root = readWebAddress("GOOGLE_OAUTH_ROOT_URL", environment);
  const at = (google: string, path: string) => (root ? new URL(path, root).href : `${google}${path}`);
  return {
    oauth2AuthBaseUrl: at("https://accounts.google.com/", "o/oauth2/v2/auth"),
    oauth2TokenUrl: at("https://oauth2.googleapis.com/", "token"),
    oauth2RevokeUrl: at("https://oauth2.googleapis.com/", "revoke"),
  };
}

/** Creates Google's OAuth client with the keys from the environment. @throws CtrClientMissing */
export function oauthClient(environment: NodeJS.ProcessEnv, redirectUri?: string): OAuth2Client {
  return new OAuth2Client({
    ...clientKeys(environment),
    endpoints: resolveEndpoints(environment),
    transporterOptions: { fetchImplementation: (...request) => fetch(...request) },
    ...(redirectUri === undefined ? {} : { redirectUri }),
  });
}

const Thrown = z.object({
  response: z.object({ status: z.number(), data: z.object({ error: z.string().regex(/^[a-z_]{1,64}$/) }) }),
});

/**
 * Converts an error thrown for a call of a token endpoint. It contains secrets, so only the error's name is kept.
 * @returns NoAnswer if the failure is transient
 */
export function tokenRefusal(thrown: unknown): CtrAuthorisationEnded | CtrClientRefused | NoAnswer {
  const parsed = Thrown.safeParse(thrown);
  if (!parsed.success) return new NoAnswer(describeFailure(thrown));
  const { status, data } = parsed.data.response;
  if (data.error === "invalid_grant") return new CtrAuthorisationEnded(data.error);
  if (status >= 500 || status === 429) return new NoAnswer(`status ${status} ${data.error}`);
  return new CtrClientRefused(data.error);
}

/** The system's error code or the HTTP status; never the message, which may contain a URL with a token. */
function describeFailure(thrown: unknown): string {
  const { response } = z.object({ response: z.object({ status: z.number() }) }).safeParse(thrown).data ?? {};
  if (response !== undefined) return `status ${response.status}`;
  return /\b(E[A-Z_]{3,}|UND_ERR_\w+|\w*CERT\w*)\b/.exec(describeNetworkError(thrown))?.[0] ?? "no connection";
}
