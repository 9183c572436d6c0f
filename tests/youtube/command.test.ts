import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { newHome, openHome } from "./collecting";
import { runCollect, startCollect } from "./command";

const TODAY = "2026-11-02T12:00:00Z";
const TOMORROW = "2026-11-03T08:00:30Z";
const KEY = "key+of/the=command";
const ARGS = ["--channels", "12", "--per-channel", "30", "--no-pictures"];

let google: GoogleStandIn;
let place: Awaited<ReturnType<typeof newHome>>;
beforeAll(async () => {
  google = await startGoogle({
    world: { channels: 40, videosPerChannel: 40 },
    now: TODAY,
    apiKeys: [{ key: KEY, project: "1" }],
  });
});
afterAll(() => google.stop());
afterEach(() => place.remove());

test("out of quota it ends with 75, says what is left, and goes on the next day", async () => {
  place = await newHome();
  const command = { google, home: place.home, key: KEY, now: TODAY };
  const planned = await runCollect([...ARGS, "--plan", "--json"], command);
  expect(JSON.parse(planned.stdout)).toEqual({ searches: 6, units: 26, days: 1, videos: 360 });
  expect(existsSync(join(place.home, "data", "store"))).toBe(false);

  const ended = await runCollect([...ARGS, "--units-limit", "15"], command);
  expect(ended.code).toBe(75);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(
    /YOUTUBE_QUOTA_SPENT: the day's units are used up; left to do: \d+ videos by 0 searches/,
  );
  expect(ended.stderr).toContain("2026-11-03T08:00:00.000Z, midnight in California");
  expect(`${ended.stderr}${ended.stdout}`).not.toContain(KEY);

  await google.setClock(TOMORROW);
  const next = await runCollect([...ARGS, "--units-limit", "15", "--json"], { ...command, now: TOMORROW });
  expect(next.code).toBe(0);
  expect(JSON.parse(next.stdout)).toMatchObject({
    stopped: false,
    counts: { searches: 6, channels: { accepted: 12 }, videos: { listed: 0 } },
  });
  const left = await runCollect([...ARGS, "--plan", "--json"], { ...command, now: TOMORROW });
  expect(JSON.parse(left.stdout)).toEqual({ searches: 0, units: 0, days: 0, videos: 0 });
}, 300_000);

test("stopped by a signal it finishes what is under way, ends with 130, and the same command continues from there", async () => {
  place = await newHome();
  const command = { google, home: place.home, key: KEY, now: TODAY };
  await google.setClock(TODAY);
  await google.set({ latencyMs: 100 });
  const { child, outcome } = startCollect([...ARGS, "--concurrency", "1"], command);
  // A second one would end it at once.
  let interrupted = false;
  child.stderr?.on("data", (chunk: Buffer) => {
    if (!interrupted && chunk.includes("list uploads")) interrupted = child.kill("SIGINT");
  });
  const ended = await outcome;
  await google.set({ latencyMs: 0 });
  expect(ended.stderr).toContain("SIGINT: finishing the work in progress");
  expect(ended.stdout).toContain("Stopped; the same command continues.");
  expect(ended.code).toBe(130);
  const store = await openHome(place.home);
  const { channels, videos } = await store.collectionCounts();
  expect(channels.accepted).toBe(12);
  expect(videos.stored).toBe(0);
  await store.close();
  expect((await runCollect(ARGS, command)).code).toBe(0);
}, 300_000);

test("where YouTube refuses a later page for good it ends with 75 and names the channels; the same command completes them", async () => {
  place = await newHome();
  const command = { google, home: place.home, key: KEY, now: TODAY };
  const refused = { n: 1, method: "playlistItems.list", isLaterPage: true, every: true };
  await google.set({ scripted: [{ ...refused, fault: "playlistNotFound" }] });
  const args = ["--channels", "6", "--per-channel", "60", "--no-pictures"];
  const open = await runCollect(args, command);
  await google.set({ scripted: [] });
  expect(open.code).toBe(75);
  expect(open.stdout).toMatch(/still open[\s\S]*UC\S+ [\s\S]* 50 +playlistNotFound/);
  expect(open.stdout).toContain("The same command tries again.");
  const complete = await runCollect([...args, "--json"], command);
  expect(complete.code).toBe(0);
  expect(JSON.parse(complete.stdout)).toMatchObject({ open: { channels: [], searches: [] } });
}, 300_000);

test("without a key, with a wrong one and without the API it says what to do", async () => {
  place = await newHome();
  const command = { google, home: place.home, now: TODAY };
  const missing = await runCollect(ARGS, { ...command, key: "" });
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("YOUTUBE_KEY_MISSING: ")]);
  expect(existsSync(place.home)).toBe(true);
  expect(existsSync(join(place.home, "data"))).toBe(false);
  const wrong = await runCollect(ARGS, { ...command, key: "wrong-key" });
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("YOUTUBE_KEY_REFUSED: ")]);
  expect(wrong.stderr).not.toContain("wrong-key");
}, 300_000);

test.each(["localhost:8080", "http://host/?key=a", "http://me:geheim@host"])(
  "a root that is no web address, such as %s, is refused before anything is made or asked",
  async (root) => {
    place = await newHome();
    const command = { google: { ...google, rootUrl: root }, home: join(place.home, "new"), key: KEY, now: TODAY };
    await google.clearLog();
    const { code, stderr } = await runCollect(ARGS, command);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^ADDRESS_INVALID: YOUTUBE_ROOT_URL is not of the form/m),
    ]);
    expect(stderr).not.toContain("geheim");
    expect(existsSync(command.home)).toBe(false);
    expect(await google.log()).toEqual([]);
  },
  60_000,
);
