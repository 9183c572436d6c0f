import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EncoderIdentity, Purged, Store, Video } from "../../lib/store";
import { collectInto, readingsOf } from "./collected";
import { buildOptions } from "./options";
import { collect, KINDS, type Stores } from "./stores";
import { pictureOf, worldOf } from "./world";

const DAY_MS = 86_400_000;
const image: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "1",
  preprocessing: "p",
  normalisation: "l2",
  dimensions: 2,
};
const loose = { minViews: 0, minChannelVideos: 0, minSubscribers: 0, windowDays: 1000, minAgeHours: 0 };
const inOrder = (a: string, b: string): number => (a < b ? -1 : 1);
const ids = (videos: Iterable<{ videoId: string }>) => [...videos].map(({ videoId }) => videoId).sort(inOrder);
const later = (video: Video, days: number, changes: Partial<Video> = {}): Video => ({
  ...video,
  collectedAt: new Date(video.collectedAt.getTime() + days * DAY_MS),
  picture: null,
  ...changes,
});

/** A world all read at one instant. */
function world(seed: number, channels = 4, perChannel = 8): Video[] {
  const collectedAt = new Date(Date.UTC(2026, 2, 1));
  return worldOf(seed, channels, perChannel).map((video, index) => ({
    ...video,
    collectedAt,
    picture: pictureOf(1000 * seed + index),
    trueCtr: null,
    durationSeconds: 600,
    language: "en",
  }));
}

const asRead = new Date(Date.UTC(2026, 2, 1));
const afterwards = new Date(asRead.getTime() + 1);

async function purgeAll(store: Store, before: Date): Promise<Purged> {
  const sum: Purged = { stale: 0, removed: 0, channels: 0, readings: 0, vectors: 0, pairs: 0 };
  for await (const part of store.purge(before)) {
    for (const [name, count] of Object.entries(part)) sum[name as keyof Purged] += count;
  }
  return sum;
}

for (const { kind, absent, make } of KINDS) {
  describe.skipIf(absent)(kind, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await make();
    });
    afterAll(() => stores?.end());

    const snapshots = () =>
      stores.connection.query<{ video_id: string; views: number }>(
        "select video_id, views::float8 as views from view_snapshots order by video_id, collected_at",
      );

    test("stale are the collected videos that were read before, never imported ones", async () => {
      const store = await stores.empty();
      const collected = world(51);
      const imported = world(52);
      await store.upsertVideos(imported);
      await collectInto(store, collected);
      expect(await collect(store.staleVideos(asRead))).toEqual([]);
      expect(await collect(store.staleVideos(afterwards))).toEqual(ids(collected));
      expect(await store.countStaleVideos(afterwards)).toBe(collected.length);
    });

    test("a refresh updates what is stale, adds a reading, keeps the picture, and has its effect once", async () => {
      const store = await stores.empty();
      const videos = world(53);
      await collectInto(store, videos);
      const again = videos.slice(1).map((video) => later(video, 8, { views: video.views + 5, title: "New title" }));
      const gone = { videoId: videos[0]?.videoId ?? "", state: "removed" as const, reason: "not found" };
      expect(await store.saveRefreshed(afterwards, readingsOf(again), [gone])).toBe(videos.length);
      const after = [await collect(store.videos()), await snapshots(), await store.collectionCounts()];
      const stored = await collect(store.videos());
      for (const video of again) {
        const { picture } = videos.find(({ videoId }) => videoId === video.videoId) ?? {};
        expect(stored.find(({ videoId }) => videoId === video.videoId)).toEqual({ ...video, picture });
      }
      expect(await snapshots()).toHaveLength(videos.length + again.length);
      expect((await store.collectionCounts()).videos).toMatchObject({ stored: again.length, removed: 1 });

      const third = again.map((video) => later(video, 0.5, { views: 1, picture: null }));
      expect(await store.saveRefreshed(afterwards, readingsOf(third), [gone])).toBe(0);
      expect([await collect(store.videos()), await snapshots(), await store.collectionCounts()]).toEqual(after);
      expect(await collect(store.staleVideos(afterwards))).toEqual([]);
    });

    test("statistics alone are updated where details are recent, in every column that they say, and once", async () => {
      const store = await stores.empty();
      const videos = world(58);
      await collectInto(store, videos);
      const [first, ...rest] = videos.map(({ videoId }) => videoId).sort(inOrder);
      const statistics = (days: number, likes: number | null) =>
        videos.map((video) => ({
          videoId: video.videoId,
          collectedAt: later(video, days).collectedAt,
          views: video.views + 9,
          likes,
          comments: 3,
          durationSeconds: 601,
        }));
      expect(await store.saveStatistics(asRead, statistics(8, 7), asRead)).toBe(0);
      expect(await store.saveStatistics(afterwards, statistics(8, 7), afterwards)).toBe(0); // details too old
      expect(await store.countStaleStatistics(afterwards, asRead)).toBe(videos.length);
      expect(await store.saveStatistics(afterwards, statistics(8, 7), asRead)).toBe(videos.length);
      expect(await store.saveStatistics(afterwards, statistics(9, 8), asRead)).toBe(0);
      const wanted = videos.map((video) => ({
        ...later(video, 8, { views: video.views + 9, likes: 7, comments: 3, durationSeconds: 601 }),
        picture: video.picture,
      }));
      const byId = (a: Video, b: Video) => inOrder(a.videoId, b.videoId);
      expect(await collect(store.videos())).toEqual(wanted.sort(byId));
      expect(await snapshots()).toHaveLength(2 * videos.length);
      expect(await collect(store.staleStatistics(afterwards, asRead))).toEqual([]);
      // Purging and reading details again go by the time of the details, which statistics do not renew.
      expect(await collect(store.staleVideos(afterwards))).toEqual([]);
      expect(await collect(store.staleVideos(afterwards, afterwards))).toEqual([first, ...rest]);
      expect((await store.previewPurge(afterwards)).stale).toBe(videos.length);
      const unsaid = statistics(20, null);
      expect(await store.saveStatistics(later(videos[0] as Video, 10).collectedAt, unsaid, asRead)).toBe(videos.length);
      expect((await collect(store.videos())).every(({ likes }) => likes === 7)).toBe(true);
      const complete = readingsOf(videos.map((video) => later(video, 21)));
      expect(await store.saveRefreshed(afterwards, complete, [], afterwards)).toBe(videos.length);
      expect((await store.previewPurge(afterwards)).stale).toBe(0);
    });

    test("two programs that refresh the same videos at once leave one reading more of each", async () => {
      const store = await stores.empty();
      const videos = world(54, 6, 12);
      await collectInto(store, videos);
      const readings = [8, 9, 10].map((days) => readingsOf(videos.map((video) => later(video, days))));
      const saved = await Promise.all(readings.map((read) => store.saveRefreshed(afterwards, read, [])));
      expect(saved.sort((a, b) => a - b)).toEqual([0, 0, videos.length]);
      expect(await snapshots()).toHaveLength(2 * videos.length);
    });

    test("a purge deletes what is stale or removed with all that hangs on it, and nothing else", async () => {
      const store = await stores.empty();
      const collected = world(55);
      const imported = world(56);
      await store.upsertVideos(imported);
      await collectInto(store, collected);
      const everything = [...collected, ...imported];
      await store.saveEmbeddings(
        image,
        everything.map(({ videoId }) => ({ videoId, values: Float32Array.of(1, 0) })),
      );
      const [removed, ...kept] = collected.filter(({ channelId }) => channelId === collected[0]?.channelId);
      if (removed === undefined) throw new Error("empty world");
      const gone = { videoId: removed.videoId, state: "removed" as const, reason: "not found" };
      await store.saveRefreshed(afterwards, readingsOf(kept.map((video) => later(video, 8))), [gone]);
      await store.buildPairs(buildOptions({ quality: loose, pairs: { windowDays: 1000 } }));
      const before = await collect(store.pairs());

      const left = new Set([...ids(imported), ...ids(kept)]);
      const { pictures, ...preview } = await store.previewPurge(afterwards);
      const purged = await purgeAll(store, afterwards);
      expect(purged).toEqual(preview);
      const deleted = collected.length - kept.length;
      expect(purged).toMatchObject({ stale: deleted - 1, removed: 1, readings: deleted, vectors: deleted });
      expect(purged.channels).toBe(new Set(collected.map(({ channelId }) => channelId)).size - 1);
      expect(pictures).toBe(deleted);
      expect(await collect(store.orphanedPictures())).toHaveLength(deleted);

      expect(ids(await collect(store.videos()))).toEqual([...left].sort(inOrder));
      expect(ids(await collect(store.embeddings(image)))).toEqual([...left].sort(inOrder));
      expect(await collect(store.pairs())).toEqual(
        before.filter(({ winnerId, loserId }) => left.has(winnerId) && left.has(loserId)),
      );
      expect(purged.pairs).toBe(before.length - (await collect(store.pairs())).length);
      expect(purged.pairs).toBeGreaterThan(0);
      const baselines = await stores.connection.query<{ channel_id: string }>(
        "select channel_id from channel_baselines",
      );
      const channels = new Set((await store.channels()).map(({ channelId }) => channelId));
      expect(baselines.filter(({ channel_id }) => !channels.has(channel_id))).toEqual([]);
      expect(await collect(store.purgedVideos())).toEqual(ids(collected).filter((id) => !left.has(id)));
      const urls = await stores.connection.query(
        "select from collect_videos where state = 'purged' and thumbnail_urls <> '[]'",
      );
      expect(urls).toEqual([]);
      expect(await purgeAll(store, afterwards)).toMatchObject({ stale: 0, removed: 0, channels: 0, pairs: 0 });
    });

    test("an imported video that a collection could not read is not purged", async () => {
      const store = await stores.empty();
      const [video] = world(57);
      if (video === undefined) throw new Error("empty world");
      await store.upsertVideos([video]);
      const page = { niche: "n", query: "q", page: 0, nextPageToken: null, channelIds: [video.channelId] };
      await store.saveSearchPage(page);
      const listing = { channelId: video.channelId, pageToken: null, nextPageToken: null, ended: "all", refused: null };
      await store.saveListing({ ...listing, most: 9, videoIds: [video.videoId] });
      await store.saveReadings([], [{ videoId: video.videoId, state: "removed", reason: "not found" }]);
      expect(await store.previewPurge(afterwards)).toMatchObject({ stale: 0, removed: 0 });
      await purgeAll(store, afterwards);
      expect(await store.count()).toBe(1);
    });

    test("orphans are the pictures that no video has any more, until they are forgotten or come back", async () => {
      const store = await stores.empty();
      const collected = world(58);
      const [first, second, third] = collected;
      if (first === undefined || second === undefined || third === undefined) throw new Error("empty world");
      await collectInto(store, collected);
      const shared = { ...first, videoId: "imported", picture: second.picture };
      await store.upsertVideos([shared]);
      await purgeAll(store, afterwards);
      const orphans = () => collect(store.orphanedPictures());
      const sha256s = async () => (await orphans()).map(({ sha256 }) => sha256);
      const expected = collected.filter((video) => video !== second).map(({ picture }) => picture?.sha256 ?? "");
      expect(await sha256s()).toEqual(expected.sort(inOrder));
      await store.upsertVideos([{ ...third, videoId: "back" }]);
      expect(await sha256s()).toEqual(expected.filter((sha256) => sha256 !== third.picture?.sha256));
      await store.forgetOrphans(await orphans());
      expect(await orphans()).toEqual([]);
    });

    test("a purge of thousands goes batch by batch and is completed by another", async () => {
      const store = await stores.empty();
      const collected = world(59, 60, 50);
      expect(collected.length).toBeGreaterThan(2000);
      await collectInto(store, collected);
      for await (const part of store.purge(afterwards)) if (part.stale > 0) break;
      expect(await store.count()).toBe(collected.length - 1000);
      expect((await purgeAll(store, afterwards)).stale).toBe(collected.length - 1000);
      expect(await store.count()).toBe(0);
      expect(await store.channels()).toEqual([]);
    });
  });
}
