import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { CollectSettings, NICHES } from "../../lib/config/collect";
import type { FoundChannel } from "../../lib/store";
import { freshState, makePlan, pacificDay } from "../../lib/youtube";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { expectedChannels, uploadsPlaylistOf, World } from "../google/world";
import {
  collectInto,
  newHome,
  openHome,
  STAND_IN_KEY,
  type Tables,
  tablesOf,
  trustStandIns,
  videosOf,
} from "./collecting";

const NOW = "2026-11-02T12:00:00Z";
const PER_CHANNEL = 30;
/** Of a project that has spent nothing yet. */
const WAITING_KEY = "waiting-key";
const SETTINGS = { channels: 60, perChannel: PER_CHANNEL, niches: NICHES };

let google: GoogleStandIn;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const apiKeys = [STAND_IN_KEY, WAITING_KEY].map((key, at) => ({ key, project: String(at) }));
  google = await startGoogle({ world: { channels: 120, videosPerChannel: 40 }, now: NOW, apiKeys });
  trustStandIns();
});
afterAll(() => google.stop());
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

async function newStore() {
  const { home, remove } = await newHome();
  const store = await openHome(home);
  removals.push(async () => {
    await store.close();
    await remove();
  });
  return { home, store };
}

const now = () => new Date(NOW);

/** A collection, and a second run of it, which finds nothing to do. */
async function collected(pictures: boolean) {
  const { home, store } = await newStore();
  const settings = { ...SETTINGS, pictures };
  const report = await collectInto(store, home, google, { settings, now });
  const again = await collectInto(store, home, google, { settings, now });
  expect(Object.values(again.spent)).toEqual([0, 0, 0, 0, 0]);
  expect(again.unitsPerThousandVideos).toBeNull();
  return { tables: await tablesOf(store), report, days: await store.quotaSpent(pacificDay(now())) };
}

const withoutPictures = ({ videos, counts: _, ...tables }: Tables) => ({
  ...tables,
  videos: videos.map(({ picture: __, ...video }) => video),
});
const acceptedOf = ({ channels }: Tables): FoundChannel[] =>
  channels.filter(({ state }) => state === "accepted").map((channel) => ({ ...channel, nextPageToken: null }));

let undisturbed: Tables;

test("a collection is what the world holds, in equal shares of the niches, and its report says what it cost", async () => {
  const { tables, report, days } = await collected(true);
  undisturbed = tables;
  const world = new World(google.options.world);
  const kinds = new Map(expectedChannels(world, Date.parse(NOW)).map(({ id, kind }) => [id, kind]));
  const accepted = acceptedOf(tables);
  expect(report.counts.niches).toEqual(Object.fromEntries(NICHES.map((niche) => [niche, 10])));
  expect(new Set(accepted.map(({ channelId }) => kinds.get(channelId)))).toEqual(new Set(["ordinary", "inactive"]));

  const truth = videosOf(google, accepted, PER_CHANNEL, Date.parse(NOW));
  const byId = new Map(tables.videos.map((video) => [video.videoId, video]));
  expect(byId.size).toBe(truth.length);
  for (const { id, channelId, title, publishedAt, views, likes, comments, niche, language, subscribers } of truth) {
    expect(byId.get(id)).toMatchObject({
      channelId,
      title,
      publishedAt,
      views,
      niche,
      subscribers,
      likes: likes ?? null,
      comments: comments ?? null,
      language: language ?? null,
    });
  }
  expect(tables.videos.filter(({ picture }) => picture === null)).toEqual([]);

  const { "search.list": searches, ...others } = report.spent;
  const units = Object.values(others).reduce((sum, calls) => sum + calls, 0);
  expect(days.map((day) => day.units)).toEqual([searches, units, 0]);
  const limits = { search: 100, units: 10_000 };
  const plan = makePlan(CollectSettings.parse(SETTINGS), freshState(limits), limits);
  expect(searches).toBe(plan.searches);
  expect(Math.abs(units / plan.units - 1)).toBeLessThan(0.1);
  const { stored, skipped, removed } = report.counts.videos;
  expect(report.unitsPerThousandVideos).toBeCloseTo((units / (stored + skipped + removed)) * 1000);
  expect(report.refusals.map(({ reason }) => reason)).toEqual(expect.arrayContaining(["live", "upcoming", "gone"]));
}, 300_000);

test("with one fault in twenty calls it is the same", async () => {
  await google.set({ faultRate: 0.05 });
  const { tables } = await collected(false);
  await google.set({ faultRate: 0 });
  expect(withoutPictures(tables)).toEqual(withoutPictures(undisturbed));
}, 300_000);

test("removed videos, gone channels and forbidden playlists cost themselves alone, each with its reason", async () => {
  const [gone = "", forbidden = "", ...others] = acceptedOf(undisturbed).map(({ channelId }) => channelId);
  const removed = undisturbed.videos.filter(({ channelId }) => channelId === others[0]).map(({ videoId }) => videoId);
  const { home, store } = await newStore();
  const settings = { ...SETTINGS, pictures: false };
  // All are there when channels are judged; the units end there, and the rest finds the world changed.
  const day = { settings: { ...settings, unitsLimit: 6 }, now };
  await expect(collectInto(store, home, google, day)).rejects.toMatchObject({ code: "YOUTUBE_QUOTA_SPENT" });
  await google.set({ goneChannels: [gone], forbiddenPlaylists: [uploadsPlaylistOf(forbidden)], removed });
  await collectInto(store, home, google, { settings, now });
  await google.set({ goneChannels: [], forbiddenPlaylists: [], removed: [] });

  const tables = await tablesOf(store);
  const endingOf = (id: string) => tables.channels.find(({ channelId }) => channelId === id)?.listingEnded;
  expect([gone, forbidden].map(endingOf)).toEqual(["playlistNotFound", "playlistItemsNotAccessible"]);
  const missing = new Set([gone, forbidden, others[0]]);
  const kept = withoutPictures(undisturbed).videos.filter(({ channelId }) => !missing.has(channelId));
  expect(withoutPictures(tables).videos).toEqual(kept);
}, 300_000);

test("it waits for new quota, as often as it takes, and never spends more than a day has", async () => {
  const { home, store } = await newStore();
  let at = Date.parse(NOW);
  const sleep = async (ms: number) => {
    at += ms;
    await google.advance(ms);
  };
  const settings = { ...SETTINGS, pictures: false, searchLimit: 4, unitsLimit: 40 };
  await google.set({ quotas: { search: 4, units: 40 } });
  const environment = { YOUTUBE_API_KEY: WAITING_KEY, YOUTUBE_ROOT_URL: google.rootUrl };
  const options = { settings, environment, now: () => new Date(at), sleep, wait: true };
  const report = await collectInto(store, home, google, options);
  await google.set({ quotas: { search: 100, units: 10_000 } });
  await google.setClock(NOW);
  expect(report.counts).toMatchObject({ searches: 6, channels: { accepted: 60 }, videos: { listed: 0 } });
  const days = [0, 1, 2, 3].map((ahead) => pacificDay(new Date(Date.parse(NOW) + ahead * 24 * 3600 * 1000)));
  const spent = await Promise.all(days.map(async (day) => (await store.quotaSpent(day)).map(({ units }) => units)));
  expect(spent.map(([search]) => search)).toEqual([4, 2, 0, 0]);
  expect(spent.every(([, units]) => (units ?? 0) <= 40)).toBe(true);
  expect(at).toBeGreaterThan(Date.parse("2026-11-04T08:00:00Z"));
}, 300_000);

test("searches that are used up leave the other stages to go on", async () => {
  const { home, store } = await newStore();
  const settings = { ...SETTINGS, pictures: false };
  await google.set({ scripted: [{ n: 3, method: "search.list", fault: "searchQuotaExceeded", every: true }] });
  const run = collectInto(store, home, google, { settings, now });
  await expect(run).rejects.toMatchObject({ code: "YOUTUBE_QUOTA_SPENT", bucket: "search" });
  await google.set({ scripted: [] });
  const { channels, videos } = await store.collectionCounts();
  expect(channels.accepted).toBe(20);
  expect(videos.listed).toBe(0);
  expect(videos.stored).toBeGreaterThan(450);
  const tomorrow = () => new Date(Date.parse(NOW) + 24 * 3600 * 1000);
  await collectInto(store, home, google, { settings, now: tomorrow });
  expect(withoutPictures(await tablesOf(store))).toEqual(withoutPictures(undisturbed));
}, 300_000);

test("a larger collection goes on where a smaller one ended, and is what it would have been at once", async () => {
  const { home, store } = await newStore();
  const settings = { ...SETTINGS, pictures: false };
  await collectInto(store, home, google, { settings: { ...settings, channels: 24, perChannel: 12 }, now });
  await collectInto(store, home, google, { settings, now });
  expect(withoutPictures(await tablesOf(store))).toEqual(withoutPictures(undisturbed));
}, 300_000);
