import { OAuth2Client } from "google-auth-library";
import { z } from "zod";
import { readWebAddress } from "../../base";
import { describeNetworkError, NoAnswer } from "../client";
import { CtrAuthorisationEnded, CtrClientMissing, CtrClientRefused } from "./errors";

/** The narrowest right with which the Reporting API gives reports. */
export const SCOPE = "https://www.googleapis.com/auth/yt-analytics.readonly";

/** The OAuth client's id and secret, from the environment alone. */
export interface ClientKeys {
  clientId: string;
  clientSecret: string;
}

/** Where Google's OAuth endpoints are; all below GOOGLE_OAUTH_ROOT_URL where it is set, for stand-ins and tests. */
export interface Endpoints {
  oauth2AuthBaseUrl: string;
  oauth2TokenUrl: string;
  oauth2RevokeUrl: string;
}

/** @throws CtrClientMissing */
export function clientKeys(environment: NodeJS.ProcessEnv): ClientKeys {
  const clientId = environment.GOOGLE_CLIENT_ID?.trim();
  const clientSecret = environment.GOOGLE_CLIENT_SECRET?.trim();
  if (clientId && clientSecret) return { clientId, clientSecret };
  const names = { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret };
  throw new CtrClientMissing(Object.entries(names).flatMap(([name, value]) => (value ? [] : [name])));
}

/** @throws AddressInvalid */
export function resolveEndpoints(environment: NodeJS.ProcessEnv): Endpoints {
  const root = readWebAddress("GOOGLE_OAUTH_ROOT_URL", environment);
  const at = (google: string, path: string) => (root ? new URL(path, root).href : `${google}${path}`);
  return {
    oauth2AuthBaseUrl: at("https://accounts.google.com/", "o/oauth2/v2/auth"),
    oauth2TokenUrl: at("https://oauth2.googleapis.com/", "token"),
    oauth2RevokeUrl: at("https://oauth2.googleapis.com/", "revoke"),
  };
}

/** Google's client for these keys. @throws CtrClientMissing */
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
 * What a token endpoint's refusal means: the thrown itself carries secrets, so nothing of it is kept but the error's name.
 * @returns NoAnswer where it may pass
 */
export function tokenRefusal(thrown: unknown): CtrAuthorisationEnded | CtrClientRefused | NoAnswer {
  const parsed = Thrown.safeParse(thrown);
  if (!parsed.success) return new NoAnswer(describeFailure(thrown));
  const { status, data } = parsed.data.response;
  if (data.error === "invalid_grant") return new CtrAuthorisationEnded(data.error);
  if (status >= 500 || status === 429) return new NoAnswer(`status ${status} ${data.error}`);
  return new CtrClientRefused(data.error);
}

/** The system's code for what failed, or its status; never a message, which may hold an address with a token. */
function describeFailure(thrown: unknown): string {
  const { response } = z.object({ response: z.object({ status: z.number() }) }).safeParse(thrown).data ?? {};
  if (response !== undefined) return `status ${response.status}`;
  return /\b(E[A-Z_]{3,}|UND_ERR_\w+|\w*CERT\w*)\b/.exec(describeNetworkError(thrown))?.[0] ?? "no connection";
}
