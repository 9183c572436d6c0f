import { randomBytes } from "node:crypto";
import { CodeChallengeMethod, type Credentials, type OAuth2Client } from "google-auth-library";
import { NoAnswer } from "../client";
import { CtrAuthorisationEnded, CtrExchangeRefused, CtrRevokeFailed, CtrScopeMissing, CtrUnreachable } from "./errors";
import { type Loopback, listenForCode } from "./loopback";
import { clientKeys, oauthClient, resolveEndpoints, SCOPE, tokenRefusal } from "./oauth";
import { type Consent, consentFile, deleteConsent, readConsent, writeConsent } from "./token-file";

const REVOKE_TIMEOUT_MS = 30_000;

export interface ConnectOptions {
  environment?: NodeJS.ProcessEnv;
  /** Port to listen on; 0 picks a free one. */
  port: number;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Called with the address of the consent page, for the owner to open. */
  visit: (address: string) => void;
}

/**
 * Asks a channel's owner for consent to read its reports, and saves the consent in the user's settings.
 * @returns path of the saved file
 * @throws CtrClientMissing, CtrPortInUse, CtrConsentDenied, CtrConsentTimeout, CtrStateWrong, CtrExchangeRefused,
 * CtrClientRefused, CtrScopeMissing, CtrUnreachable
 */
export async function connectOwner(options: ConnectOptions): Promise<string> {
  const { environment = process.env, port } = options;
  clientKeys(environment);
  const state = randomBytes(24).toString("base64url");
  const loopback = await listenForCode(state, port);
  try {
    const client = oauthClient(environment, loopback.redirectUri);
    const consent = parseConsent(await tokensFrom(client, loopback, state, options));
    await writeConsent(consentFile(environment), consent);
    return consentFile(environment);
  } finally {
    await loopback.close();
  }
}

/** Shows the consent page with PKCE (RFC 7636), waits for its code, and exchanges the code for tokens. */
async function tokensFrom(
  client: OAuth2Client,
  loopback: Loopback,
  state: string,
  { visit, timeoutMs, signal }: ConnectOptions,
): Promise<Credentials> {
  const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
  const address = client.generateAuthUrl({
    access_type: "offline",
    prompt: "consent", // otherwise a second consent returns no refresh token
    scope: [SCOPE],
    state,
    code_challenge_method: CodeChallengeMethod.S256,
    ...(codeChallenge === undefined ? {} : { code_challenge: codeChallenge }),
  });
  visit(address);
  const code = await loopback.code(timeoutMs, signal);
  try {
    return (await client.getToken({ code, codeVerifier })).tokens;
  } catch (thrown) {
    throw exchangeRefusal(thrown);
  }
}

function exchangeRefusal(thrown: unknown): Error {
  const refusal = tokenRefusal(thrown);
  if (refusal instanceof CtrAuthorisationEnded) return new CtrExchangeRefused(refusal.reason);
  return refusal instanceof NoAnswer ? new CtrUnreachable("exchange the code", 1, refusal.message) : refusal;
}

function parseConsent({ refresh_token: refreshToken, scope = "" }: Credentials): Consent {
  if (!scope.split(" ").includes(SCOPE)) throw new CtrScopeMissing();
  if (!refreshToken) throw new CtrExchangeRefused("no refresh token");
  return { refreshToken, scope: SCOPE, connectedAt: new Date().toISOString() };
}

/**
 * Revokes the consent at Google and deletes the saved file.
 * @returns false if the consent had already ended
 * @throws CtrNotConnected; CtrRevokeFailed, with the file deleted anyway
 */
export async function disconnectOwner(environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const file = consentFile(environment);
  const { refreshToken } = await readConsent(file);
  const revoked = revoke(resolveEndpoints(environment).oauth2RevokeUrl, refreshToken);
  const outcome = await revoked.catch(() => "no connection");
  await deleteConsent(file);
  if (typeof outcome === "string") throw new CtrRevokeFailed(outcome);
  return outcome;
}

/** Sends the token in the body, since URLs are often logged. */
async function revoke(url: string, token: string): Promise<boolean | string> {
  const body = new URLSearchParams({ token });
  const { status } = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(REVOKE_TIMEOUT_MS) });
  if (status === 200) return true;
  return status === 400 ? false : `status ${status}`;
}
