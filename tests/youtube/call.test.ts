import { afterEach, expect, test } from "vitest";
import { BODIES } from "./bodies";
import { json, KEY, type Reply, type Service, serve, videoItem, youtubeAt } from "./service";

let service: Service | undefined;
afterEach(() => service?.close());

const found = json(200, { items: [videoItem("aaaaaaaaaaa")] });
const cut: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write('{"items": [{"id"');
  response.socket?.end();
};
const cutWithoutLength: Reply = (response) => response.writeHead(200).end('{"items": [{"id"');
const html: Reply = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>Log in</html>");
const gateway: Reply = (response) => response.writeHead(502, { "content-type": "text/html" }).end("<html>502</html>");
const reset: Reply = (response) => response.socket?.destroy();

test.each([
  ["status 500", json(500, BODIES.backendError)],
  ["status 503", json(503, BODIES.unavailable)],
  ["429 of a rate", json(429, BODIES.rateLimitExceeded)],
  ["403 rateLimitExceeded", json(403, BODIES.rateLimitExceeded403)],
  ["403 userRateLimitExceeded", json(403, BODIES.userRateLimitExceeded)],
  ["a reset", reset],
  ["a body that is cut", cut],
  ["a body that is cut and says nothing of it", cutWithoutLength],
  ["a page of somebody else", html],
  ["a gateway's page", gateway],
])("%s is asked again, and each attempt is counted", async (_, fault) => {
  service = await serve(fault, fault, found);
  const { youtube, waits, ledger } = youtubeAt(service.url);
  expect((await youtube.readVideos(["aaaaaaaaaaa"])).read.map(({ video }) => video.views)).toEqual([12345]);
  expect(service.requests).toHaveLength(3);
  expect(ledger.spent).toEqual(new Map([["2026-11-28 units", 3]]));
  expect(youtube.spent["videos.list"]).toBe(3);
  expect(waits).toHaveLength(2);
});

test("waits double up to a bound, with full jitter, and end after so many attempts", async () => {
  service = await serve(json(500, BODIES.backendError));
  const random = { uniform: () => 1, integer: () => 0, normal: () => 0 };
  const retries = { attempts: 6, firstDelayMs: 100, longestDelayMs: 1000 };
  const { youtube, waits } = youtubeAt(service.url, { random, retries });
  await expect(youtube.readVideos(["a"])).rejects.toMatchObject({ code: "YOUTUBE_UNREACHABLE", attempts: 6 });
  expect(waits).toEqual([100, 200, 400, 800, 1000]);
  expect(service.requests).toHaveLength(6);
});

test("no attempt is begun after the time for retries", async () => {
  service = await serve(json(500, BODIES.backendError));
  let at = Date.parse("2026-11-28T12:00:00Z");
  const sleep = async () => {
    at += 60_000;
  };
  const { youtube } = youtubeAt(service.url, { sleep, now: () => new Date(at), retries: { timeMs: 150_000 } });
  await expect(youtube.readVideos(["a"])).rejects.toMatchObject({ code: "YOUTUBE_UNREACHABLE", attempts: 4 });
});

test("Retry-After is heeded", async () => {
  service = await serve(json(503, BODIES.unavailable, { "retry-after": "7" }), found);
  const { youtube, waits } = youtubeAt(service.url);
  await youtube.readVideos(["aaaaaaaaaaa"]);
  expect(waits).toEqual([7000]);
});

test.each(["quotaExceeded", "dailyLimitExceeded"] as const)("%s is not asked again on that day", async (name) => {
  service = await serve(json(403, BODIES[name]));
  const { youtube, ledger } = youtubeAt(service.url);
  const spent = { code: "YOUTUBE_QUOTA_SPENT", bucket: "units", exitCode: 75 };
  await expect(youtube.readVideos(["a"])).rejects.toMatchObject(spent);
  await expect(youtube.readVideos(["a"])).rejects.toMatchObject(spent);
  expect(service.requests).toHaveLength(1);
  expect(ledger.exhausted).toEqual(new Set(["2026-11-28 units"]));
  expect(await youtube.quota.left()).toEqual({ search: 100, units: 0, statistics: 10_000 });
});

test("a quota that ended at midnight is asked for again in the new day", async () => {
  service = await serve(json(403, BODIES.quotaExceeded), found);
  const instants = ["2026-11-28T07:59:59Z", "2026-11-28T07:59:59Z"];
  const now = () => new Date(instants.shift() ?? "2026-11-28T08:00:01Z");
  const { youtube, ledger } = youtubeAt(service.url, { now });
  expect((await youtube.readVideos(["aaaaaaaaaaa"])).read).toHaveLength(1);
  expect([...ledger.spent]).toEqual([
    ["2026-11-27 units", 1],
    ["2026-11-28 units", 1],
  ]);
});

test("the limit of a day is kept to: the call beyond it is not sent", async () => {
  service = await serve(json(500, BODIES.backendError));
  const { youtube } = youtubeAt(service.url, { limits: { unitsLimit: 3 } });
  await expect(youtube.readVideos(["a"])).rejects.toMatchObject({
    code: "YOUTUBE_QUOTA_SPENT",
    resetsAt: new Date("2026-11-29T08:00:00Z"),
  });
  expect(service.requests).toHaveLength(3);
});

test.each([
  ["keyInvalidOld", 400, "YOUTUBE_KEY_REFUSED"],
  ["keyInvalidNew", 400, "YOUTUBE_KEY_REFUSED"],
  ["accessNotConfigured", 403, "YOUTUBE_API_DISABLED"],
  ["badParameter", 400, "YOUTUBE_CALL_REFUSED"],
] as const)("%s stops at once", async (name, status, code) => {
  service = await serve(json(status, BODIES[name]));
  const { youtube } = youtubeAt(service.url);
  await expect(youtube.readVideos(["a", "b"])).rejects.toMatchObject({ code });
  expect(service.requests).toHaveLength(1);
});

test("calls carry the key, few fields and 50 ids, over few connections", async () => {
  service = await serve(json(200, {}));
  const { youtube } = youtubeAt(service.url);
  const ids = Array.from({ length: 50 }, (_, at) => `video${at}`);
  for (let call = 0; call < 8; call++) await youtube.readVideos(ids);
  const [first] = service.requests;
  expect(first?.path).toBe("/youtube/v3/videos");
  expect(first?.parameters.get("key")).toBe(KEY);
  expect(first?.parameters.get("id")?.split(",")).toEqual(ids);
  expect(first?.parameters.get("fields")).toMatch(/^items\(id,snippet\(/);
  expect(new Set(service.requests.map(({ connection }) => connection)).size).toBeLessThan(4);
});

test("without a key nothing is asked", () => {
  const environment = { YOUTUBE_API_KEY: "  " };
  expect(() => youtubeAt("http://127.0.0.1:1/", { environment })).toThrow("YOUTUBE_API_KEY is not set");
});
