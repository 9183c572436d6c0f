import { CodeChallengeMethod, OAuth2Client } from "google-auth-library";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { agentOf, failureOf, raw } from "./client";
import { type GoogleStandIn, startGoogle } from "./start";

const SCOPE = "https://www.googleapis.com/auth/yt-analytics.readonly";
const REDIRECT = "http://127.0.0.1:8123/";
let google: GoogleStandIn;
beforeAll(async () => {
  google = await startGoogle({ now: "2026-11-02T18:00:00Z" });
});
afterAll(() => google.stop());
beforeEach(() => google.set({ oauth: { consent: "granted", refusedScopes: [] } }));

function clientOf(): OAuth2Client {
  const { clientId, clientSecret } = google.options.oauth;
  const { endpoints } = google;
  return new OAuth2Client({
    clientId,
    clientSecret,
    redirectUri: REDIRECT,
    endpoints,
    transporterOptions: { agent: agentOf(google), retry: false },
  });
}

/** The browser's part: where the consent page sends it. */
async function consent(
  client: OAuth2Client,
  changes: Record<string, string | undefined> = {},
): Promise<{ answer: URL; verifier: string }> {
  const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
  const url = new URL(
    client.generateAuthUrl({
      access_type: "offline",
      scope: [SCOPE],
      state: "some state",
      code_challenge_method: CodeChallengeMethod.S256,
      ...(codeChallenge ? { code_challenge: codeChallenge } : {}),
    }),
  );
  for (const [name, value] of Object.entries(changes))
    value === undefined ? url.searchParams.delete(name) : url.searchParams.set(name, value);
  const { headers, status } = await raw(google, url.href);
  if (status !== 302) throw new Error(`consent page: ${status}`);
  return { answer: new URL(String(headers.location)), verifier: codeVerifier };
}

test("a desktop program signs in with PKCE, refreshes and revokes, by google-auth-library", async () => {
  const client = clientOf();
  const { answer, verifier } = await consent(client);
  expect(answer.origin + answer.pathname).toBe(REDIRECT);
  expect(answer.searchParams.get("state")).toBe("some state");
  const code = answer.searchParams.get("code") ?? "";
  const { tokens } = await client.getToken({ code, codeVerifier: verifier });
  expect(tokens).toMatchObject({
    token_type: "Bearer",
    scope: SCOPE,
    refresh_token: expect.any(String),
    expiry_date: expect.any(Number),
  });
  client.setCredentials(tokens);
  expect((await client.getTokenInfo(tokens.access_token ?? "")).scopes).toEqual([SCOPE]);
  const { credentials } = await client.refreshAccessToken();
  expect(credentials.access_token).not.toBe(tokens.access_token);
  expect(credentials.refresh_token).toBe(tokens.refresh_token);
  await client.revokeToken(tokens.refresh_token ?? "");
  const { status, body } = await failureOf(client.refreshAccessToken());
  expect([status, body]).toMatchObject([400, { error: "invalid_grant" }]);
});

test("a code serves once, with the verifier it was asked for with", async () => {
  const client = clientOf();
  const first = await consent(client);
  const code = first.answer.searchParams.get("code") ?? "";
  const other = await failureOf(client.getToken({ code, codeVerifier: "another verifier" }));
  expect(other.body).toMatchObject({ error: "invalid_grant", error_description: "Invalid code verifier." });
  expect((await failureOf(client.getToken({ code, codeVerifier: first.verifier }))).body).toMatchObject({
    error: "invalid_grant",
  });
});

test("consent may be denied, or given in part", async () => {
  await google.set({ oauth: { consent: "denied" } });
  const { answer } = await consent(clientOf());
  expect(Object.fromEntries(answer.searchParams)).toEqual({ error: "access_denied", state: "some state" });
  const upload = "https://www.googleapis.com/auth/youtube.readonly";
  await google.set({ oauth: { consent: "granted", refusedScopes: [upload] } });
  const part = await consent(clientOf(), { scope: `${SCOPE} ${upload}` });
  expect(part.answer.searchParams.get("scope")).toBe(SCOPE);
});

test("the consent page refuses what is not loopback, not PKCE, not ours", async () => {
  for (const changes of [
    { redirect_uri: "https://evil.example/" },
    { code_challenge: undefined },
    { code_challenge_method: "plain" },
    { client_id: "other" },
  ])
    await expect(consent(clientOf(), changes), JSON.stringify(changes)).rejects.toThrow("consent page: 400");
});
