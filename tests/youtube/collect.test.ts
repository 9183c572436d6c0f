import { afterAll, beforeAll, expect, test } from "vitest";
import { pacificDay } from "../../lib/youtube";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { expectedChannels, World } from "../google/world";
import { collectInto, newHome, openHome, type Tables, tablesOf, trustStandIns, videosOf } from "./collecting";

const NOW = "2026-11-02T12:00:00Z";
const SETTINGS = {
  channels: 60,
  perChannel: 30,
  niches: ["tech", "gaming", "education", "entertainment", "beauty", "news"],
};

let google: GoogleStandIn;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  google = await startGoogle({ world: { channels: 120, videosPerChannel: 40 }, now: NOW });
  trustStandIns();
});
afterAll(async () => {
  await google.stop();
  for (const remove of removals) await remove();
});

const now = () => new Date(NOW);

async function collected(): Promise<Tables & { spent: Record<string, number>; units: number | null }> {
  const { home, remove } = await newHome();
  removals.push(remove);
  const store = await openHome(home);
  const report = await collectInto(store, home, google, { settings: SETTINGS, now });
  const again = await collectInto(store, home, google, { settings: SETTINGS, now });
  expect(Object.values(again.spent)).toEqual([0, 0, 0, 0]);
  const tables = await tablesOf(store);
  const [day] = await store.quotaSpent(pacificDay(now()));
  expect(day?.units).toBe(report.spent["search.list"]);
  await store.close();
  return { ...tables, spent: report.spent, units: report.unitsPerThousandVideos };
}

let undisturbed: Awaited<ReturnType<typeof collected>>;

test("a collection is what the world holds, in equal shares of the niches", async () => {
  undisturbed = await collected();
  const world = new World(google.options.world);
  const kinds = new Map(expectedChannels(world, Date.parse(NOW)).map(({ id, kind }) => [id, kind]));
  const accepted = undisturbed.channels.filter(({ state }) => state === "accepted");
  console.log(undisturbed.counts, undisturbed.refusals, undisturbed.spent, undisturbed.units);
  expect(accepted).toHaveLength(60);
  expect(new Set(accepted.map(({ channelId }) => kinds.get(channelId)))).toEqual(new Set(["ordinary", "inactive"]));
  const truth = videosOf(
    google,
    accepted.map((channel) => ({ ...channel, nextPageToken: null })),
    30,
    Date.parse(NOW),
  );
  const byId = new Map(undisturbed.videos.map((video) => [video.videoId, video]));
  expect(byId.size).toBe(truth.length);
  for (const { id, channelId, title, publishedAt, views, likes, comments, niche, language, subscribers } of truth) {
    expect(byId.get(id)).toMatchObject({
      ...{ channelId, title, publishedAt, views, niche, subscribers },
      ...{ likes: likes ?? null, comments: comments ?? null, language: language ?? null },
    });
  }
  expect(undisturbed.videos.filter(({ picture }) => picture === null)).toEqual([]);
});

test("with one fault in twenty calls it is the same", async () => {
  await google.set({ faultRate: 0.05, pictureFaultRate: 0.05 });
  const { spent: _, units: __, ...tables } = await collected();
  const { spent, units, ...same } = undisturbed;
  expect(tables).toEqual(same);
});
