import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { random } from "../../lib/base/random";
import { collect as all, queryStore, type Store, type Video } from "../../lib/store";
import { pacificDay, planRefresh, type RefreshOptions, refresh, YoutubeQuotaSpent } from "../../lib/youtube";
import { start } from "../cli/thumbrank";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { expectedVideos, World } from "../google/world";
import { collectInto, newHome, openHome, STAND_IN_KEY, trustStandIns } from "./collecting";
import { killMidway, runProgram } from "./programs";

const COLLECTED = "2026-11-02T12:00:00Z";
const REFRESHED = "2026-11-12T12:00:00Z";
const before = new Date("2026-11-05T12:00:00Z");
const SETTINGS = { channels: 6, perChannel: 30, pictures: false };

let google: GoogleStandIn;
let collected: string;
const homes: { home: string; remove: () => Promise<void> }[] = [];
beforeAll(async () => {
  google = await startGoogle({ world: { channels: 18, videosPerChannel: 40 }, now: COLLECTED });
  trustStandIns();
  collected = await newFolder();
  const store = await openHome(collected);
  await collectInto(store, collected, google, { settings: SETTINGS, now: () => new Date(COLLECTED) });
  await store.close();
});
beforeEach(async () => {
  await google.setClock(COLLECTED);
  await google.set({ removed: [], unanswered: [], goneChannels: [], scripted: [], faultRate: 0, latencyMs: 0 });
});
afterAll(async () => {
  await google.stop();
  for (const { remove } of homes) await remove();
});

async function newFolder(): Promise<string> {
  const made = await newHome();
  homes.push(made);
  return made.home;
}

/** A home with the collection as it was made. */
async function copied(): Promise<string> {
  const home = await newFolder();
  await cp(collected, home, { recursive: true });
  return home;
}

async function newCollection(): Promise<{ store: Store; videos: Video[] }> {
  const store = await openHome(await copied());
  return { store, videos: await all(store.videos()) };
}

const environment = () => ({ YOUTUBE_API_KEY: STAND_IN_KEY, YOUTUBE_ROOT_URL: google.rootUrl });

const refreshed = (store: Store, options: Partial<RefreshOptions> = {}) =>
  finish(
    refresh({
      store,
      before,
      environment: environment(),
      sleep: async () => {},
      now: () => new Date(REFRESHED),
      ...options,
    }),
  );

/** What the world says of these videos at the time of the refresh. */
function truthOf(videos: Video[]): Map<string, number> {
  const world = new World(google.options.world);
  const channels = [...new Set(videos.map(({ channelId }) => channelId))];
  const shown = channels.flatMap((id) => expectedVideos(world, id, Date.parse(REFRESHED)));
  return new Map(shown.flatMap(({ id, views }) => (views === undefined ? [] : [[id, views]])));
}

test("a refresh reads what the world holds now, marks what is gone, and leaves imported videos alone", async () => {
  const { store, videos } = await newCollection();
  const gone = videos.slice(0, 3);
  const kept = videos.slice(3);
  const counts = await store.collectionCounts();
  const imported = { ...(kept[0] as Video), videoId: "imported", views: 7 };
  await store.upsertVideos([imported]);
  await google.setClock(REFRESHED);
  await google.set({ removed: gone.map(({ videoId }) => videoId) });

  const report = await refreshed(store);
  expect(report).toMatchObject({ channels: 0, videos: videos.length, removed: 3, left: 0, stopped: false });
  expect(report.spent["videos.batchGetStats"]).toBe(Math.ceil(videos.length / 50));
  // One call says that the three are gone.
  expect([report.spent["videos.list"], report.spent["channels.list"]]).toEqual([1, 0]);
  const truth = truthOf(kept);
  const stored = new Map((await all(store.videos())).map((video) => [video.videoId, video]));
  for (const video of kept) {
    const { views, collectedAt, title, niche } = stored.get(video.videoId) as Video;
    expect(views).toBe(truth.get(video.videoId));
    expect([collectedAt, title, niche]).toEqual([new Date(REFRESHED), video.title, video.niche]);
  }
  expect([...kept].filter(({ videoId, views }) => truth.get(videoId) !== views).length).toBeGreaterThan(20);
  expect(stored.get("imported")).toMatchObject({ views: 7, collectedAt: new Date(COLLECTED) });
  const removedBefore = counts.videos.removed;
  const { videos: counted } = await store.collectionCounts();
  expect(counted).toMatchObject({ stored: kept.length, removed: removedBefore + 3 });

  const again = await refreshed(store);
  expect([...Object.values(again.spent), again.videos]).toEqual([0, 0, 0, 0, 0, 0]);
  await store.close();
});

test("a channel that is gone keeps its videos' rows, and tells nothing of itself any more", async () => {
  const { store } = await newCollection();
  const [channel] = (await store.foundChannels()).filter(({ state }) => state === "accepted");
  await google.setClock(REFRESHED);
  await google.set({ goneChannels: [channel?.channelId ?? ""] });
  await refreshed(store, { detailsBefore: before });
  const after = (await store.foundChannels()).find(({ channelId }) => channelId === channel?.channelId);
  expect(after).toMatchObject({ state: "accepted", title: null, subscribers: null });
  await store.close();
});

test("out of quota it ends with what is left, and goes on in the new day; with --wait by itself", async () => {
  const { store, videos } = await newCollection();
  await google.setClock(REFRESHED);
  const limits = { statisticsLimit: 3 };
  const spent = await refreshed(store, { limits, concurrency: 1 }).catch((thrown: unknown) => thrown);
  expect(spent).toBeInstanceOf(YoutubeQuotaSpent);
  expect((spent as YoutubeQuotaSpent).bucket).toBe("statistics");
  const left = await store.countStaleVideos(before);
  expect(left).toBe(videos.length - 150);
  expect((spent as YoutubeQuotaSpent).what).toContain(`left to do: ${left} videos by ${Math.ceil(left / 50)} units`);

  let at = Date.parse(REFRESHED);
  const waiting = {
    now: () => new Date(at),
    sleep: async (ms: number) => {
      at += ms;
    },
  };
  const report = await refreshed(store, { limits: { statisticsLimit: 1 }, wait: true, concurrency: 1, ...waiting });
  expect(report).toMatchObject({ videos: left, left: 0 });
  expect((at - Date.parse(REFRESHED)) / 86_400_000).toBeGreaterThan(Math.ceil(left / 50) - 1);
  await store.close();
});

test("statistics cost their own quota only: nothing of the units, by YouTube's count and by ours", async () => {
  const { store, videos } = await newCollection();
  await google.setClock(REFRESHED);
  const due = { before, detailsBefore: new Date("2026-10-20T12:00:00Z") };
  const limits = { search: 100, units: 10_000, statistics: 10_000 };
  const plan = await planRefresh(store, due, limits, new Date(REFRESHED));
  const spentBefore = await google.ledger();
  const report = await refreshed(store, due);
  const day = pacificDay(new Date(REFRESHED));
  const calls = Math.ceil(videos.length / 50);
  const spent = (await google.ledger()).filter((row) => row.day === day);
  const known = spentBefore.filter((row) => row.day === day);
  const sumOf = (rows: typeof spent, bucket: string) =>
    rows.filter((row) => row.bucket === bucket).reduce((sum, { cost }) => sum + cost, 0);
  expect(sumOf(spent, "statistics") - sumOf(known, "statistics")).toBe(calls);
  expect(sumOf(spent, "units")).toBe(sumOf(known, "units"));
  const ledger = await store.quotaSpent(day);
  expect(ledger.map(({ bucket, units }) => [bucket, units])).toEqual([
    ["search", 0],
    ["units", 0],
    ["statistics", calls],
  ]);
  expect(plan).toMatchObject({
    statistics: videos.length,
    details: 0,
    channels: 0,
    calls: { units: 0, statistics: calls },
  });
  expect(report).toMatchObject({ videos: videos.length, statisticsRefused: null });
  await store.close();
});

test("--dry-run says what a refresh would spend of which quota, and reads nothing", async () => {
  const home = await copied();
  await google.clearLog();
  const plan = await start(
    ["refresh", "--dry-run", "--all", "--details-days", "600", "--data-dir", home],
    environment(),
  ).outcome;
  expect(plan).toMatchObject({ code: 0 });
  const { videos } = await contentOf(home);
  const calls = Math.ceil(videos.length / 50);
  expect(plan.stdout).toMatch(new RegExp(`calls of videos.batchGetStats +${calls} +10,?000`));
  expect(plan.stdout).toMatch(/units \(channels.list, videos.list\) +\d/);
  expect(await google.log()).toEqual([]);
}, 60_000);

test("a video that videos.batchGetStats leaves out is not gone: videos.list is asked, and says so", async () => {
  const { store, videos } = await newCollection();
  await google.setClock(REFRESHED);
  const [unanswered = "", gone = ""] = videos.map(({ videoId }) => videoId);
  await google.set({ unanswered: [unanswered], removed: [gone] });
  const report = await refreshed(store);
  expect(report).toMatchObject({ videos: videos.length, removed: 1, left: 0 });
  expect(report.spent["videos.list"]).toBe(1);
  const [stored] = (await all(store.videos())).filter(({ videoId }) => videoId === unanswered);
  expect(stored?.views).toBe(truthOf(videos).get(unanswered));
  await store.close();
});

test("details are read again by videos.list and channels.list once they are 23 days old, not before", async () => {
  const { store, videos } = await newCollection();
  const calls = Math.ceil(videos.length / 50);
  const at = async (day: string) => {
    const now = new Date(`2026-11-${day}T12:00:00Z`);
    await google.setClock(now.toISOString());
    const { spent } = await refreshed(store, { before: new Date(now.getTime() - 6 * 86_400_000), now: () => now });
    return [spent["videos.batchGetStats"], spent["videos.list"], spent["channels.list"]];
  };
  expect([await at("09"), await at("16"), await at("23"), await at("30")]).toEqual([
    [calls, 0, 0],
    [calls, 0, 0],
    [calls, 0, 0],
    [0, calls, 1],
  ]);
  await store.close();
});

test.each(["notFound", "notImplemented", "forbidden"] as const)(
  "%s of videos.batchGetStats: everything is read by videos.list, within its quota, and said",
  async (fault) => {
    const { store, videos } = await newCollection();
    await google.setClock(REFRESHED);
    await google.set({ scripted: [{ n: 1, every: true, method: "videos.batchGetStats", fault }] });
    const notes = new Set<string | undefined>();
    const now = () => new Date(REFRESHED);
    const job = refresh({ store, before, environment: environment(), sleep: async () => {}, now, concurrency: 1 });
    const report = await finish(job, ({ stage, note }) => {
      if (stage === "refresh videos") notes.add(note);
    });
    expect(report).toMatchObject({ videos: videos.length, left: 0, statisticsRefused: expect.any(String) as string });
    expect(report.spent["videos.list"]).toBe(Math.ceil(videos.length / 50));
    expect(report.spent["videos.batchGetStats"]).toBeLessThanOrEqual(2);
    expect([...notes].join()).toContain("videos.batchGetStats refused");
    await store.close();

    const other = await newCollection();
    const spent = await refreshed(other.store, { limits: { unitsLimit: 1 }, concurrency: 1 }).catch((thrown) => thrown);
    expect(spent).toMatchObject({ code: "YOUTUBE_QUOTA_SPENT", bucket: "units" });
    await other.store.close();
  },
);

test("a limit of 0 does not call videos.batchGetStats at all", async () => {
  const { store, videos } = await newCollection();
  await google.setClock(REFRESHED);
  const { spent, statisticsRefused } = await refreshed(store, { limits: { statisticsLimit: 0 } });
  expect([spent["videos.batchGetStats"], spent["videos.list"]]).toEqual([0, Math.ceil(videos.length / 50)]);
  expect(statisticsRefused).toBe("its limit is 0");
  await store.close();
});

test.each(["quotaExceeded", "statisticsQuotaExceeded"] as const)(
  "%s of videos.batchGetStats empties its bucket and no other",
  async (fault) => {
    const { store } = await newCollection();
    await google.setClock(REFRESHED);
    await google.set({ scripted: [{ n: 2, method: "videos.batchGetStats", fault }] });
    await expect(refreshed(store, { concurrency: 1 })).rejects.toMatchObject({ bucket: "statistics" });
    const ledger = await store.quotaSpent(pacificDay(new Date(REFRESHED)));
    expect(ledger.map(({ bucket, exhausted }) => [bucket, exhausted])).toEqual([
      ["search", false],
      ["units", false],
      ["statistics", true],
    ]);
    await store.close();
  },
);

test("killed again and again, with faults, a refresh ends with the tables of an undisturbed one", async () => {
  const home = await copied();
  const other = await copied();
  const { videos } = await contentOf(home);
  await google.setClock(REFRESHED);
  await google.set({ removed: videos.slice(0, 9).map(({ videoId }) => videoId) });
  const env = { ...environment(), NODE_EXTRA_CA_CERTS: google.caFile };
  const parameters = (folder: string) => [folder, before.toISOString(), REFRESHED];
  await runProgram("refresh.ts", parameters(home), env);

  await google.set({ latencyMs: 60, faultRate: 0.1 });
  const source = random("kill refresh");
  let killed = 0;
  for (let round = 0; round < 3; round++)
    if (await killMidway("refresh.ts", parameters(other), env, source, 250)) killed++;
  expect(killed).toBeGreaterThan(0);
  await google.set({ latencyMs: 0 });
  await runProgram("refresh.ts", parameters(other), env);
  expect(await contentOf(other)).toEqual(await contentOf(home));
}, 120_000);

async function contentOf(home: string) {
  const store = await openHome(home);
  const content = { videos: await all(store.videos()), counts: await store.collectionCounts() };
  await store.close();
  const paths = { store: join(home, "data", "store") };
  const readings = await queryStore(paths, "select * from view_snapshots order by video_id, collected_at");
  return { ...content, readings, collected: await queryStore(paths, "select * from collect_videos order by video_id") };
}
