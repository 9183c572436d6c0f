import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ConnectOptions,
  connectOwner,
  consentFile,
  disconnectOwner,
  openReporting,
  readConsent,
  SCOPE,
} from "../../lib/youtube";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { freePort } from "../store/postgres";
import { newHome, trustStandIns } from "./collecting";
import { CLIENT, connected, ownerEnvironment, secretsOfStandIn, shown, visit } from "./owner";
import { json, type Reply, serve } from "./service";

let google: GoogleStandIn;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  google = await startGoogle({ world: { channels: 1 } });
  trustStandIns();
});
afterAll(async () => {
  await google.stop();
  for (const remove of removals) await remove();
});

async function home(): Promise<string> {
  const made = await newHome();
  removals.push(made.remove);
  return made.home;
}

/** Connects, and gives what was thrown. */
async function failure(options: Partial<ConnectOptions> & { environment: Record<string, string> }) {
  const attempt = connectOwner({ port: 0, timeoutMs: 20_000, visit: (address) => void visit(address), ...options });
  const thrown = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  for (const secret of secretsOfStandIn()) expect(shown(thrown)).not.toContain(secret);
  expect(await readdir(dirname(consentFile(options.environment))).catch(() => [])).toEqual([]);
  return thrown;
}

/** A person who answers as the test says, with the consent page's own parameters at hand. */
const answering = (answer: (asked: URLSearchParams) => Record<string, string>) => (address: string) => {
  const asked = new URL(address).searchParams;
  void fetch(`${asked.get("redirect_uri")}?${new URLSearchParams(answer(asked))}`);
};

async function tokenServer(reply: Reply) {
  const service = await serve(reply);
  removals.push(() => service.close());
  return service;
}

test("a consent is asked for one right alone, by PKCE, and kept for its owner's eyes only", async () => {
  const folder = await home();
  const environment = ownerEnvironment(folder, google.rootUrl);
  const addresses: URL[] = [];
  const pages: Promise<Response>[] = [];
  const file = await connectOwner({
    environment,
    port: 0,
    timeoutMs: 20_000,
    visit: (address) => {
      addresses.push(new URL(address));
      pages.push(visit(address));
    },
  });
  const asked = addresses[0]?.searchParams;
  expect(asked?.get("scope")).toBe("https://www.googleapis.com/auth/yt-analytics.readonly");
  expect([asked?.get("code_challenge_method"), asked?.get("access_type")]).toEqual(["S256", "offline"]);
  expect(asked?.get("code_challenge")).toMatch(/^[\w-]{43}$/);
  expect(asked?.get("state")).toMatch(/^[\w-]{32}$/);
  expect(new URL(asked?.get("redirect_uri") ?? "").hostname).toBe("127.0.0.1");
  expect(addresses[0]?.href).not.toContain(CLIENT.secret);

  expect(file).toBe(join(folder, "config", "thumbrank", "youtube-owner.json"));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
  expect(await readdir(dirname(file))).toEqual(["youtube-owner.json"]);
  expect(await readConsent(file)).toMatchObject({ scope: SCOPE, refreshToken: expect.stringMatching(/^1\/\//) });
  expect(await readFile(file, "utf8")).not.toContain("ya29.");
  const page = await pages[0];
  expect(page?.headers.get("cache-control")).toBe("no-store");
  expect(await page?.text()).toContain("You may close this page");
});

test("an owner who says no is heard", async () => {
  await google.set({ oauth: { consent: "denied" } });
  expect(await failure({ environment: ownerEnvironment(await home(), google.rootUrl) })).toMatchObject({
    code: "CTR_CONSENT_DENIED",
    reason: "access_denied",
  });
  await google.set({ oauth: { consent: "granted" } });
});

test("nobody who answers, and an answer to another question, end in their own errors", async () => {
  const environment = ownerEnvironment(await home(), google.rootUrl);
  expect(await failure({ environment, timeoutMs: 60, visit: () => {} })).toMatchObject({ code: "CTR_CONSENT_TIMEOUT" });
  const forged = answering(() => ({ state: "another", code: "4/0forged" }));
  expect(await failure({ environment, visit: forged })).toMatchObject({ code: "CTR_STATE_WRONG" });
  const stateless = answering(() => ({ code: "4/0forged" }));
  expect(await failure({ environment, visit: stateless })).toMatchObject({ code: "CTR_STATE_WRONG" });
});

test("what is no answer, such as a browser's favicon, is passed over", async () => {
  const environment = ownerEnvironment(await home(), google.rootUrl);
  const distracted = async (address: string) => {
    const back = new URL(address).searchParams.get("redirect_uri") ?? "";
    expect((await fetch(`${back}favicon.ico`)).status).toBe(404);
    expect((await fetch(back)).status).toBe(404);
    await visit(address);
  };
  await connectOwner({ environment, port: 0, timeoutMs: 20_000, visit: (address) => void distracted(address) });
});

test("a port that is taken is named", async () => {
  const port = await freePort();
  const taken = createServer().listen(port, "127.0.0.1");
  const environment = ownerEnvironment(await home(), google.rootUrl);
  expect(await failure({ environment, port })).toMatchObject({ code: "CTR_PORT_IN_USE", port, reason: "EADDRINUSE" });
  taken.close();
});

test("a missing client is named by its variables, a wrong one by Google's word", async () => {
  const environment = ownerEnvironment(await home(), google.rootUrl);
  const { GOOGLE_CLIENT_SECRET: _, ...half } = environment;
  expect(await failure({ environment: half })).toMatchObject({
    code: "CTR_CLIENT_MISSING",
    names: ["GOOGLE_CLIENT_SECRET"],
  });
  const wrong = { ...environment, GOOGLE_CLIENT_SECRET: "planted-other-secret" };
  const refused = await failure({ environment: wrong });
  expect(refused).toMatchObject({ code: "CTR_CLIENT_REFUSED", reason: "invalid_client" });
  expect(shown(refused)).not.toContain("planted-other-secret");
});

test("a code that is refused, a consent without the right, and one that does not last are told apart", async () => {
  const environment = async (reply: Reply) => ownerEnvironment(await home(), (await tokenServer(reply)).url);
  const person = answering((asked) => ({ state: asked.get("state") ?? "", code: "4/0planted" }));
  const tokens = { access_token: "ya29.planted", refresh_token: "1//planted", expires_in: 3599, token_type: "Bearer" };
  const cases: [Reply, string][] = [
    [json(400, { error: "invalid_grant", error_description: "4/0planted is bad" }), "CTR_EXCHANGE_REFUSED"],
    [json(200, { ...tokens, scope: "openid" }), "CTR_SCOPE_MISSING"],
    [json(200, { ...tokens, scope: SCOPE, refresh_token: undefined }), "CTR_EXCHANGE_REFUSED"],
  ];
  for (const [reply, code] of cases) {
    const thrown = await failure({ environment: await environment(reply), visit: person });
    expect(thrown).toMatchObject({ code });
    expect(shown(thrown)).not.toContain("planted");
  }
});

test("a consent that others can read, or that is damaged, is refused without a word of its content", async () => {
  const folder = await home();
  const environment = ownerEnvironment(folder, google.rootUrl);
  await expect(openReporting({ environment })).rejects.toMatchObject({ code: "CTR_NOT_CONNECTED" });
  const file = await connected(google, folder);
  await chmod(file, 0o644);
  await expect(openReporting({ environment })).rejects.toMatchObject({ code: "CTR_TOKEN_EXPOSED", mode: "644" });
  await chmod(file, 0o600);
  await openReporting({ environment });
  await writeFile(file, '{"refreshToken":"1//planted", oops');
  const thrown = await openReporting({ environment }).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: "CTR_TOKEN_DAMAGED" });
  expect(shown(thrown)).not.toContain("planted");
});

test("disconnecting ends the permission at Google and deletes it here, even where Google cannot be told", async () => {
  const folder = await home();
  const environment = ownerEnvironment(folder, google.rootUrl);
  const file = await connected(google, folder);
  const { refreshToken } = await readConsent(file);
  expect(await disconnectOwner(environment)).toBe(true);
  expect(await readdir(dirname(file))).toEqual([]);
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
  });
  const answer = await fetch(google.endpoints.oauth2TokenUrl, { method: "POST", body });
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: "invalid_grant" }]);
  await expect(disconnectOwner(environment)).rejects.toMatchObject({ code: "CTR_NOT_CONNECTED" });

  await connected(google, folder);
  await google.revokeAll();
  expect(await disconnectOwner(environment)).toBe(false);

  await connected(google, folder);
  const offline = { ...environment, GOOGLE_OAUTH_ROOT_URL: `http://127.0.0.1:${await freePort()}/` };
  await expect(disconnectOwner(offline)).rejects.toMatchObject({ code: "CTR_REVOKE_FAILED" });
  expect(await readdir(dirname(file))).toEqual([]);
});

test("a consent is written whole or not at all, over an older one too", async () => {
  const folder = await home();
  await mkdir(join(folder, "config", "thumbrank"), { recursive: true });
  const first = await readConsent(await connected(google, folder));
  const second = await readConsent(await connected(google, folder));
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect(await readdir(join(folder, "config", "thumbrank"))).toEqual(["youtube-owner.json"]);
});
