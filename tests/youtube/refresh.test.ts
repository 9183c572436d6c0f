import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { random } from "../../lib/base/random";
import { collect as all, queryStore, type Store, type Video } from "../../lib/store";
import { type RefreshOptions, refresh, YoutubeQuotaSpent } from "../../lib/youtube";
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
  await google.set({ removed: [], goneChannels: [], scripted: [], faultRate: 0, latencyMs: 0 });
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
  expect(report).toMatchObject({ channels: 6, videos: videos.length, removed: 3, left: 0, stopped: false });
  expect(report.spent["videos.list"]).toBe(Math.ceil(videos.length / 50));
  expect(report.spent["channels.list"]).toBe(1);
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
  expect([...Object.values(again.spent), again.videos]).toEqual([0, 0, 0, 0, 0]);
  await store.close();
});

test("a channel that is gone keeps its videos' rows, and tells nothing of itself any more", async () => {
  const { store } = await newCollection();
  const [channel] = (await store.foundChannels()).filter(({ state }) => state === "accepted");
  await google.setClock(REFRESHED);
  await google.set({ goneChannels: [channel?.channelId ?? ""] });
  await refreshed(store);
  const after = (await store.foundChannels()).find(({ channelId }) => channelId === channel?.channelId);
  expect(after).toMatchObject({ state: "accepted", title: null, subscribers: null });
  await store.close();
});

test("out of quota it ends with what is left, and goes on in the new day; with --wait by itself", async () => {
  const { store, videos } = await newCollection();
  await google.setClock(REFRESHED);
  const limits = { unitsLimit: 3 };
  const spent = await refreshed(store, { limits, concurrency: 1 }).catch((thrown: unknown) => thrown);
  expect(spent).toBeInstanceOf(YoutubeQuotaSpent);
  const left = await store.countStaleVideos(before);
  expect(left).toBe(videos.length - 100);
  expect((spent as YoutubeQuotaSpent).what).toContain(`left to do: ${left} videos by ${Math.ceil(left / 50)} units`);

  let at = Date.parse(REFRESHED);
  const waiting = {
    now: () => new Date(at),
    sleep: async (ms: number) => {
      at += ms;
    },
  };
  const report = await refreshed(store, { limits: { unitsLimit: 1 }, wait: true, concurrency: 1, ...waiting });
  expect(report).toMatchObject({ videos: left, left: 0 });
  expect((at - Date.parse(REFRESHED)) / 86_400_000).toBeGreaterThan(Math.ceil(left / 50) - 1);
  await store.close();
});

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
