import { afterAll, beforeAll, expect, test } from "vitest";
import { agentOf, clientOf, failureOf, KEY, raw } from "./client";
import type { Fault } from "./fault-names";
import { type GoogleOptions, type GoogleStandIn, startGoogle } from "./start";
import { expectedVideos, uploadsPlaylistOf, World } from "./world";

const NOW = "2026-11-02T18:00:00Z";
let google: GoogleStandIn;
let ids: string[];
beforeAll(async () => {
  google = await startGoogle({ now: NOW, slowMs: 5_000 });
  const world = new World(google.options.world);
  ids = expectedVideos(world, world.channelAt(0).id, Date.parse(NOW)).map(({ id }) => id);
});
afterAll(() => google.stop());

const videos = (timeoutMs?: number) =>
  clientOf(google, undefined, timeoutMs).videos.list({ part: ["snippet", "statistics"], id: ids.slice(0, 10) });

async function failing(fault: Fault, timeoutMs?: number) {
  await google.set({ scripted: [{ n: 1, fault }] });
  return failureOf(videos(timeoutMs));
}

test.each(["resetBefore", "resetMiddle", "cutBody"] as const)(
  "%s ends the connection, and the next call succeeds",
  async (fault) => {
    const { error, status } = await failing(fault);
    expect(error.message).toMatch(/premature|socket|reset|hang up|terminated|aborted|fetch failed/i);
    expect([undefined, 200]).toContain(status);
    expect((await videos()).data.items?.length).toBe(10);
  },
);

test("truncated JSON reaches the official client as a text, without an error", async () => {
  await google.set({ scripted: [{ n: 1, fault: "truncatedJson" }] });
  const { data } = await videos();
  expect(data).toBeTypeOf("string");
  expect(() => JSON.parse(String(data)) as unknown).toThrow();
});

test("a proxy answers in HTML: 502, or 200", async () => {
  const { status, body } = await failing("proxyPage");
  expect([status, String(body)]).toEqual([502, expect.stringContaining("<html>")]);
  await google.set({ scripted: [{ n: 1, fault: "portalPage" }] });
  expect(String((await videos()).data)).toContain("<html>");
});

test("a slow answer comes after the client's patience", async () => {
  const { error } = await failing("slow", 200);
  expect(error.message).toMatch(/abort|time/i);
});

test("a script names a method and a call, once or from then on", async () => {
  await google.set({ scripted: [{ n: 2, method: "channels.list", fault: "backendError", every: true }] });
  const channels = () => clientOf(google).channels.list({ part: ["id"], id: ["x"] });
  await videos();
  await channels();
  expect((await failureOf(channels())).status).toBe(500);
  await videos();
  expect((await failureOf(channels())).status).toBe(500);
});

test("faults come at their rate, the same ones for the same seed", async () => {
  const faultsOf = async (faultSeed: number) => {
    const standIn = await startGoogle({
      now: NOW,
      faultRate: 0.2,
      faultSeed,
      faultKinds: ["unavailable", "rateLimited"],
    });
    const agent = agentOf(standIn);
    for (let call = 0; call < 200; call++) await raw(standIn, `youtube/v3/videos?part=id&id=x&key=${KEY}`, { agent });
    agent.destroy();
    const faults = (await standIn.log()).map(({ fault }) => fault ?? "");
    await standIn.stop();
    return faults;
  };
  const once = await faultsOf(1);
  const again = await faultsOf(1);
  const other = await faultsOf(2);
  expect(again).toEqual(once);
  expect(other).not.toEqual(once);
  const count = once.filter((fault) => fault !== "").length;
  expect(count).toBeGreaterThan(20);
  expect(count).toBeLessThan(60);
});

test("the log names calls and faults, and no key", async () => {
  await google.clearLog();
  await failing("userRateLimited");
  const log = await google.log();
  expect(log).toMatchObject([
    { method: "videos.list", status: 403, fault: "userRateLimited", reason: "userRateLimitExceeded" },
  ]);
  expect(JSON.stringify(log)).not.toContain("stand-in-key");
});

/** Pages of the uploads of a channel, by the tokens of the answers, with faults for some. */
async function pagesUnder(scripted: GoogleOptions["scripted"], most = 12) {
  const world = new World(google.options.world);
  const channel = world.channelAt(0);
  await google.set({ scripted: scripted ?? [] });
  const pages: { ids: string[]; total: number }[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < most; page++) {
    const { data } = await clientOf(google).playlistItems.list({
      part: ["contentDetails"],
      playlistId: uploadsPlaylistOf(channel.id),
      maxResults: 5,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    const ids = (data.items ?? []).map(({ contentDetails }) => contentDetails?.videoId ?? "");
    pages.push({ ids, total: data.pageInfo?.totalResults ?? 0 });
    pageToken = data.nextPageToken ?? undefined;
    if (pageToken === undefined) break;
  }
  const uploads = world.uploads(channel, Date.parse(NOW));
  const truth = Array.from({ length: uploads }, (_, at) => world.upload(channel, at, Date.parse(NOW)).id);
  return { pages, ids: pages.flatMap((page) => page.ids), truth };
}

const later = (fault: Fault, n = 1) => ({ n, method: "playlistItems.list", isLaterPage: true, fault });

test("an empty page leads to its items; pages overlap; a list that shrank skips what moved up", async () => {
  const undisturbed = await pagesUnder([]);
  expect(undisturbed.ids).toEqual(undisturbed.truth);
  const empty = await pagesUnder([later("emptyPage")]);
  expect([empty.ids, empty.pages[1]?.ids]).toEqual([empty.truth, []]);
  const overlapping = await pagesUnder([later("overlappingPage")]);
  expect(overlapping.pages[1]?.ids).toEqual(overlapping.pages[0]?.ids);
  expect(new Set(overlapping.ids)).toEqual(new Set(overlapping.truth));
  const { pages, ids, truth } = await pagesUnder([later("shrunkList")]);
  expect([pages[0]?.total, pages[1]?.total]).toEqual([truth.length, truth.length - 5]);
  expect(truth.filter((id) => !ids.includes(id))).toEqual(truth.slice(5, 10));
});

test("tokens repeat or go in a circle once, or as long as the script says", async () => {
  const once = await pagesUnder([later("repeatedToken")]);
  expect(once.pages[2]?.ids).toEqual(once.pages[1]?.ids);
  expect(new Set(once.ids)).toEqual(new Set(once.truth));
  const circling = await pagesUnder([{ ...later("cyclingToken"), every: true }]);
  expect(new Set(circling.ids)).toEqual(new Set(circling.truth.slice(0, 10)));
  expect(circling.pages.length).toBe(12);
});

test("uploads out of order are the same uploads, and a script may mean later pages or one playlist alone", async () => {
  await google.set({ uploadsOutOfOrder: true });
  const { ids, truth } = await pagesUnder([{ ...later("playlistNotFound"), about: "another", every: true }]);
  await google.set({ uploadsOutOfOrder: false });
  expect(ids).not.toEqual(truth);
  expect([...ids].sort((a, b) => (a < b ? -1 : 1))).toEqual([...truth].sort((a, b) => (a < b ? -1 : 1)));
  await expect(pagesUnder([later("playlistNotFound")])).rejects.toThrow("cannot be found");
});
