import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf } from "./client";
import { type GoogleStandIn, startGoogle } from "./start";
import { type ExpectedVideo, expectedChannels, expectedVideos, hasReal, uploadsPlaylistOf, World } from "./world";

const NOW = "2026-11-02T18:00:00Z";
const AT = Date.parse(NOW);
const world = { channels: 60, videosPerChannel: 80, deletedShare: 0.03, privateShare: 0.03 };

let google: GoogleStandIn;
let copy: World;
beforeAll(async () => {
  google = await startGoogle({ now: NOW, world });
  copy = new World(google.options.world);
});
afterAll(() => google.stop());

const first = (kind: string) => expectedChannels(copy, AT).find((channel) => channel.kind === kind)!;

/** A list's answer: items and the token of the next page. */
interface Listed<Item> {
  items?: Item[];
  nextPageToken?: string | null;
}

/** All items of all pages, and how many pages there were. */
async function walk<Item>(page: (token: { pageToken?: string }) => Promise<{ data: Listed<Item> }>): Promise<Item[]> {
  const items: Item[] = [];
  for (let token: { pageToken?: string } | undefined = {}; token; ) {
    const { data }: { data: Listed<Item> } = await page(token);
    items.push(...(data.items ?? []));
    token = data.nextPageToken ? { pageToken: data.nextPageToken } : undefined;
  }
  return items;
}

async function searchAll(standIn: GoogleStandIn, q: string, maxResults: number): Promise<string[]> {
  const query = { part: ["id"], type: ["channel"], q, maxResults };
  const found = await walk((token) => clientOf(standIn).search.list({ ...query, ...token }));
  return found.map(({ id }) => id?.channelId ?? "");
}

test("search pages to the end through all channels of a niche, gone ones too", async () => {
  const all = Array.from({ length: copy.channelCount }, (_, index) => copy.channelAt(index));
  const gaming = all.filter(({ niche }) => niche.name === "gaming").map(({ id }) => id);
  expect(new Set(await searchAll(google, "gaming", 3))).toEqual(new Set(gaming));
});

test("a search shows at most 500 results, some twice, with a total that is a guess", async () => {
  const many = await startGoogle({ now: NOW, world: { channels: 4_000 } });
  const ids = await searchAll(many, "tech", 50);
  const { data } = await clientOf(many).search.list({ part: ["id"], type: ["channel"], q: "tech" });
  await many.stop();
  expect(ids.length).toBe(500);
  expect(new Set(ids).size).toBeLessThan(500);
  expect(data.pageInfo).toEqual({ totalResults: 1_000_000, resultsPerPage: 5 });
});

test("channels.list shows what the world holds, and leaves out channels that are gone", async () => {
  const all = Array.from({ length: 50 }, (_, index) => copy.channelAt(10 + index));
  const { data } = await clientOf(google).channels.list({
    part: ["snippet", "statistics", "contentDetails"],
    id: [all.map(({ id }) => id).join(",")],
    maxResults: 50,
  });
  const expected = expectedChannels(copy, AT).filter(({ id }) => all.some((channel) => channel.id === id));
  expect(expected.length).toBeLessThan(50);
  const shown = (data.items ?? []).map(({ id, snippet, statistics, contentDetails }) => ({
    id,
    title: snippet?.title,
    country: snippet?.country ?? undefined,
    createdAt: new Date(snippet?.publishedAt ?? ""),
    subscribers: statistics?.hiddenSubscriberCount ? undefined : Number(statistics?.subscriberCount),
    uploadsPlaylistId: contentDetails?.relatedPlaylists?.uploads,
    uploads: Number(statistics?.videoCount),
  }));
  const wanted = expected.map(({ niche: _, kind: __, language: ___, ...facts }) => facts);
  expect(shown.sort((a, b) => (a.id! < b.id! ? -1 : 1))).toEqual(wanted.sort((a, b) => (a.id < b.id ? -1 : 1)));
});

test("channels.list pages too: five a page unless more are asked for", async () => {
  const ids = expectedChannels(copy, AT)
    .slice(0, 8)
    .map(({ id }) => id);
  const client = clientOf(google);
  const one = await client.channels.list({ part: ["id"], id: ids });
  const two = await client.channels.list({ part: ["id"], id: ids, pageToken: one.data.nextPageToken ?? "" });
  const shown = [...(one.data.items ?? []), ...(two.data.items ?? [])].map(({ id }) => id);
  expect([one.data.items?.length, two.data.items?.length]).toEqual([5, 3]);
  expect(new Set(shown)).toEqual(new Set(ids));
  expect(two.data.nextPageToken).toBeUndefined();
});

async function uploads(playlistId: string) {
  const query = { part: ["contentDetails,snippet"], playlistId, maxResults: 50 };
  const items = await walk((token) => clientOf(google).playlistItems.list({ ...query, ...token }));
  return items.map(({ contentDetails, snippet }) => ({
    videoId: contentDetails?.videoId ?? "",
    publishedAt: contentDetails?.videoPublishedAt ?? undefined,
    title: snippet?.title ?? "",
  }));
}

async function videosOf(ids: string[]): Promise<Partial<ExpectedVideo>[]> {
  const part = ["snippet", "contentDetails", "statistics", "liveStreamingDetails"];
  const { data } = await clientOf(google).videos.list({ part, id: ids });
  const count = (text: string | null | undefined) => (typeof text === "string" ? Number(text) : undefined);
  return (data.items ?? []).map(({ id, snippet, contentDetails, statistics, liveStreamingDetails }) => ({
    id: id ?? "",
    channelId: snippet?.channelId ?? "",
    title: snippet?.title ?? "",
    publishedAt: new Date(snippet?.publishedAt ?? ""),
    duration: contentDetails?.duration ?? "",
    views: count(statistics?.viewCount),
    likes: count(statistics?.likeCount),
    comments: count(statistics?.commentCount),
    language: snippet?.defaultAudioLanguage ?? undefined,
    isLive: snippet?.liveBroadcastContent !== "none",
    wasStream: liveStreamingDetails !== undefined,
    largestWidePicture: snippet?.thumbnails?.maxres ? "maxres" : "medium",
  }));
}

test("a channel's uploads come newest first, and videos.list shows all but deleted and private ones", async () => {
  let hidden = 0;
  let absent = 0;
  let live = 0;
  for (const channel of expectedChannels(copy, AT).slice(0, 12)) {
    const listed = await uploads(channel.uploadsPlaylistId);
    expect(listed.length).toBe(channel.uploads);
    const times = listed.map(({ publishedAt }) => publishedAt).filter((time) => time !== undefined);
    expect(times).toEqual([...times].sort().reverse());
    const ids = listed.map(({ videoId }) => videoId);
    const batches = [0, 50, 100].map((from) => ids.slice(from, from + 50)).filter((batch) => batch.length > 0);
    const shown = (await Promise.all(batches.map(videosOf))).flat();
    expect(shown).toEqual(expectedVideos(copy, channel.id, AT));
    hidden += listed.filter(({ title }) => title === "Private video").length;
    absent += ids.length - shown.length;
    live += shown.filter(({ isLive, duration }) => isLive && duration === "P0D").length;
  }
  expect(hidden).toBeGreaterThan(0);
  expect(absent).toBeGreaterThan(hidden);
  expect(live).toBeGreaterThan(2);
}, 60_000);

test("videos removed later are left out from then on", async () => {
  const channel = first("ordinary");
  const ids = expectedVideos(copy, channel.id, AT)
    .slice(0, 10)
    .map(({ id }) => id);
  const removed = ids.slice(0, 2);
  await google.set({ removed });
  expect((await videosOf(ids)).map(({ id }) => id)).toEqual(ids.slice(2));
  await google.set({ removed: [] });
});

test("views grow and new videos come with the clock", async () => {
  const channel = first("ordinary");
  const week = 14 * 86_400_000;
  const [video] = expectedVideos(copy, channel.id, AT).filter(({ isLive }) => !isLive);
  const before = (await videosOf([video!.id]))[0]?.views;
  await google.advance(week);
  expect((await videosOf([video!.id]))[0]?.views).toBeGreaterThan(before ?? Infinity);
  const later = await uploads(channel.uploadsPlaylistId);
  await google.setClock(NOW);
  expect(later.length).toBeGreaterThan(channel.uploads);
  expect(expectedVideos(copy, channel.id, AT + week).length).toBeGreaterThan(
    expectedVideos(copy, channel.id, AT).length,
  );
});

test("a different seed gives a different world; the same seed the same", () => {
  const same = new World(google.options.world);
  const other = new World({ ...google.options.world, seed: 2 });
  expect(expectedChannels(same, AT)).toEqual(expectedChannels(copy, AT));
  expect(expectedChannels(other, AT)[0]?.id).not.toBe(expectedChannels(copy, AT)[0]?.id);
  expect(other.channel(copy.channelAt(0).id)).toBeUndefined();
});

test("the world of the guide has 1,500 channels that pass, and 200,000 videos of theirs", () => {
  const guide = new World({ ...google.options.world, channels: 2_200, videosPerChannel: 134 });
  const ordinary = expectedChannels(guide, AT).filter(({ kind }) => kind === "ordinary");
  expect(ordinary.length).toBe(1_540);
  expect(ordinary.reduce((sum, { uploads: count }) => sum + count, 0)).toBeGreaterThan(200_000);
});

test.skipIf(!hasReal)("real channels can be served beside it (needs ../shared/data/tracker-2026-02)", async () => {
  const real = await startGoogle({ now: NOW, world: { channels: 0, real: true } });
  const id = "UC-pdFydi9ooxEfATh3KoiIw";
  const { data } = await clientOf(real).playlistItems.list({
    part: ["snippet"],
    playlistId: uploadsPlaylistOf(id),
    maxResults: 50,
  });
  const title = "10 Accessoires pour Macbook que j’adore !";
  expect(data.items?.map(({ snippet }) => snippet?.title)).toContain(title);
  await real.stop();
});
