import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CollectionCounts, JudgedChannel, Reading, Store } from "../../lib/store";
import { collect, KINDS, type Stores } from "./stores";
import { pictureOf, worldOf } from "./world";

const page = { niche: "tech", query: "gadgets", page: 0, nextPageToken: "p1", channelIds: ["c", "a", "c"] };
const judged = (channelId: string, rest: Partial<JudgedChannel> = {}): JudgedChannel => ({
  channelId,
  state: "accepted",
  reason: null,
  title: `Channel ${channelId}`,
  subscribers: 1000,
  uploads: `U${channelId}`,
  readAt: new Date(1e12),
  ...rest,
});
const listing = {
  channelId: "a",
  pageToken: null,
  nextPageToken: "p1",
  ended: null,
  refused: null,
  videoIds: ["v2", "v1"],
  most: 20_000,
};

function readingOf(videoId: string, channelId = "a"): Reading {
  const [video] = worldOf(91);
  if (video === undefined) throw new Error("empty world");
  return { video: { ...video, videoId, channelId, picture: null }, thumbnailUrls: [`https://i/${videoId}.jpg`] };
}

/** A store with one channel whose first page of uploads, v1 and v2, is listed. */
async function listed(stores: Stores): Promise<Store> {
  const store = await stores.empty();
  await store.saveSearchPage(page);
  await store.judgeChannels([judged("a"), judged("c", { state: "rejected", reason: "small" })]);
  await store.saveListing(listing);
  return store;
}

for (const { kind, absent, make } of KINDS) {
  describe.skipIf(absent)(`a collection in ${kind}`, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await make();
    });
    afterAll(() => stores?.end());

    test("channels have the place in which searches found them, and a page is kept once", async () => {
      const store = await stores.empty();
      await store.saveSearchPage(page);
      await store.saveSearchPage({ ...page, nextPageToken: "other", channelIds: ["z"] });
      await store.saveSearchPage({ ...page, page: 1, nextPageToken: null, channelIds: ["b", "a"] });
      await store.saveSearchPage({ ...page, niche: "art", channelIds: [] });
      expect((await store.foundChannels()).map(({ channelId, place, niche }) => [channelId, place, niche])).toEqual([
        ["c", 1, "tech"],
        ["a", 2, "tech"],
        ["b", 3, "tech"],
      ]);
      const pages = [{ ...page, niche: "art", channelIds: [] }, page, { ...page, page: 1, nextPageToken: null }];
      expect((await store.searchPages()).map(({ channelIds: _, ...rest }) => rest)).toEqual(
        pages.map(({ channelIds: _, ...rest }) => rest),
      );
      expect((await store.searchPages())[1]?.channelIds).toEqual(page.channelIds);
    });

    test("several programs that save pages at once give no place twice", async () => {
      await stores.empty();
      const programs = await Promise.all(Array.from({ length: 4 }, () => stores.another()));
      await Promise.all(
        Array.from({ length: 24 }, (_, index) =>
          programs[index % 4]?.saveSearchPage({ ...page, page: index >> 1, channelIds: [`c${index >> 1}`, "shared"] }),
        ),
      );
      const found = await (await stores.another()).foundChannels();
      expect(found.map(({ place }) => place)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
      expect(new Set(found.map(({ channelId }) => channelId)).size).toBe(13);
    });

    test("a channel is judged once", async () => {
      const store = await listed(stores);
      await store.judgeChannels([judged("a", { state: "rejected", reason: "later" }), judged("unknown")]);
      expect(await store.foundChannels()).toEqual([
        { ...judgedChannel("c", 1), state: "rejected", reason: "small" },
        { ...judgedChannel("a", 2), listed: 2, nextPageToken: "p1" },
      ]);
    });

    test("a listing goes on only from where it stands, and counts a video once", async () => {
      const store = await listed(stores);
      const begun = { listed: 2, nextPageToken: "p1", listingEnded: null };
      expect(await store.saveListing(listing)).toEqual({ saved: false, ...begun });
      const next = { ...listing, pageToken: "p1", nextPageToken: null, ended: "end", videoIds: ["v3", "v1"] };
      expect(await store.saveListing({ ...next, pageToken: "p2" })).toEqual({ saved: false, ...begun });
      const ended = { listed: 3, nextPageToken: null, listingEnded: "end" };
      expect(await store.saveListing(next)).toEqual({ saved: true, ...ended });
      expect(await store.saveListing({ ...next, pageToken: null })).toEqual({ saved: false, ...ended });
      expect(await store.saveListing({ ...next, channelId: "nobody's" })).toBeNull();
      expect(await collect(store.listedVideos())).toEqual(["v1", "v2", "v3"]);
      expect((await store.foundChannels())[1]).toMatchObject({ listed: 3, nextPageToken: null, listingEnded: "end" });
    });

    test("a listing keeps no more videos than wanted, the first of a page, and then stands at that page", async () => {
      const store = await listed(stores);
      const next = {
        ...listing,
        pageToken: "p1",
        nextPageToken: "p2",
        videoIds: ["v1", "v9", "v9", "v3", "v4"],
        most: 4,
      };
      expect(await store.saveListing(next)).toEqual({
        saved: true,
        listed: 4,
        nextPageToken: "p1",
        listingEnded: null,
      });
      expect(await collect(store.listedVideos())).toEqual(["v1", "v2", "v3", "v9"]);
      const all = { saved: true, listed: 5, nextPageToken: "p2", listingEnded: null };
      expect(await store.saveListing({ ...next, most: 5 })).toEqual(all);
      const last = { ...next, pageToken: "p2", nextPageToken: null, ended: "end", videoIds: ["v5", "v6"], most: 6 };
      expect(await store.saveListing(last)).toEqual({
        saved: true,
        listed: 6,
        nextPageToken: "p2",
        listingEnded: null,
      });
    });

    test("a refused page is remembered until a listing goes on", async () => {
      const store = await listed(stores);
      const refusal = { ...listing, pageToken: "p1", nextPageToken: null, refused: "invalidPageToken", videoIds: [] };
      expect(await store.saveListing(refusal)).toMatchObject({ saved: true, listed: 2, nextPageToken: null });
      expect((await store.foundChannels())[1]).toMatchObject({
        listingRefused: "invalidPageToken",
        listingEnded: null,
      });
      await store.saveListing(listing);
      expect((await store.foundChannels())[1]).toMatchObject({ listed: 2, nextPageToken: "p1", listingRefused: null });
    });

    test("a query that begins anew takes the place of its pages where it still stands at the refused token", async () => {
      const store = await stores.empty();
      await store.saveSearchPage(page);
      await store.saveSearchPage({ ...page, page: 1, nextPageToken: "p2", channelIds: ["b"] });
      await store.saveSearchPage({ ...page, query: "other" });
      const anew = { ...page, nextPageToken: "n1", channelIds: ["d", "a"] };
      await store.saveSearchPage({ ...anew, channelIds: ["lost"] }, "p1");
      expect((await store.searchPages()).length).toBe(3);
      await store.saveSearchPage(anew, "p2");
      await store.saveSearchPage({ ...anew, channelIds: ["lost"] }, "p2");
      expect(await store.searchPages()).toEqual([anew, { ...page, query: "other" }]);
      expect((await store.foundChannels()).map(({ channelId }) => channelId)).toEqual(["c", "a", "b", "d"]);
    });

    test("readings and absences count for videos that are still listed", async () => {
      const store = await listed(stores);
      const absent = { videoId: "v2", state: "skipped", reason: "short" } as const;
      expect(await store.saveReadings([readingOf("v1"), readingOf("stray")], [absent])).toBe(2);
      expect(await store.saveReadings([readingOf("v1"), readingOf("v2")], [absent])).toBe(0);
      expect((await collect(store.videos())).map(({ videoId }) => videoId)).toEqual(["v1"]);
      expect(await collect(store.listedVideos())).toEqual([]);
    });

    test("a picture is wanted until it is kept or refused", async () => {
      const store = await listed(stores);
      await store.saveListing({ ...listing, pageToken: "p1", nextPageToken: null, ended: "end", videoIds: ["v3"] });
      await store.saveReadings([readingOf("v1"), readingOf("v2"), readingOf("v3")], []);
      const wanted = (videoId: string) => ({ videoId, thumbnailUrls: [`https://i/${videoId}.jpg`] });
      expect(await collect(store.wantedPictures())).toEqual(["v1", "v2", "v3"].map(wanted));
      const kept = { videoId: "v1", picture: pictureOf(1) };
      const refused = { videoId: "v2", refusal: "grey" };
      await store.savePictures([kept, refused]);
      await store.savePictures([{ ...kept, picture: pictureOf(2) }]);
      expect(await collect(store.wantedPictures())).toEqual([wanted("v3")]);
      expect((await collect(store.videos()))[0]?.picture).toEqual(pictureOf(1));
      const counts: CollectionCounts = {
        searches: 1,
        channels: { found: 0, accepted: 1, rejected: 1 },
        niches: { tech: 1 },
        videos: { listed: 0, stored: 3, skipped: 0, removed: 0, purged: 0 },
        pictures: { wanted: 1, kept: 1, refused: 1 },
      };
      expect(await store.collectionCounts()).toEqual(counts);
    });

    test("more videos than a page holds are all listed", async () => {
      const store = await listed(stores);
      const many = Array.from({ length: 6001 }, (_, index) => `w${String(index).padStart(5, "0")}`);
      await store.saveListing({ ...listing, pageToken: "p1", nextPageToken: null, ended: "end", videoIds: many });
      expect(await collect(store.listedVideos())).toEqual(["v1", "v2", ...many]);
    });

    test("many spenders at once never exceed a day's limit, and every unit is accounted for", async () => {
      await stores.empty();
      const spenders = await Promise.all(Array.from({ length: 4 }, () => stores.another()));
      const spending = { day: "2026-11-28", bucket: "units", units: 3, limit: 100 } as const;
      const calls = Array.from({ length: 60 }, (_, index) => {
        const store = spenders[index % 4];
        return store?.spendQuota({ ...spending, method: index % 2 === 0 ? "videos.list" : "channels.list" });
      });
      const granted = (await Promise.all(calls)).filter(Boolean).length;
      expect(granted).toBe(33);
      const store = await stores.another();
      const [search, units] = await store.quotaSpent(spending.day);
      expect(search).toEqual({ day: spending.day, bucket: "search", units: 0, exhausted: false, methods: {} });
      expect(units).toMatchObject({ units: 99, exhausted: false });
      expect(Object.values(units?.methods ?? {}).reduce((sum, each) => sum + each, 0)).toBe(99);
      expect(await store.spendQuota({ ...spending, method: "videos.list", units: 1 })).toBe(true);
      expect(await store.spendQuota({ ...spending, method: "videos.list", units: 1 })).toBe(false);
    });

    test("an exhausted bucket grants nothing more on that day, and others go on", async () => {
      const store = await stores.empty();
      const search = { day: "2026-11-28", bucket: "search", method: "search.list", units: 1, limit: 100 } as const;
      expect(await store.spendQuota(search)).toBe(true);
      await store.exhaustQuota(search.day, "search");
      await store.exhaustQuota("2026-11-30", "search");
      expect(await store.spendQuota(search)).toBe(false);
      expect(await store.spendQuota({ ...search, day: "2026-11-29" })).toBe(true);
      expect(await store.spendQuota({ ...search, bucket: "units", method: "videos.list" })).toBe(true);
      const statistics = { bucket: "statistics", method: "videos.batchGetStats" } as const;
      expect(await store.spendQuota({ ...search, ...statistics })).toBe(true);
      expect(await store.quotaSpent(search.day)).toEqual([
        { day: search.day, bucket: "search", units: 1, exhausted: true, methods: { "search.list": 1 } },
        { day: search.day, bucket: "units", units: 1, exhausted: false, methods: { "videos.list": 1 } },
        { day: search.day, bucket: "statistics", units: 1, exhausted: false, methods: { "videos.batchGetStats": 1 } },
      ]);
      expect((await store.quotaSpent("2026-11-30"))[0]).toMatchObject({ units: 0, exhausted: true });
    });
  });
}

const judgedChannel = (channelId: string, place: number) => ({
  channelId,
  place,
  niche: "tech",
  state: "accepted",
  reason: null,
  title: `Channel ${channelId}`,
  subscribers: 1000,
  uploads: `U${channelId}`,
  listed: 0,
  nextPageToken: null,
  listingEnded: null,
  listingRefused: null,
});
