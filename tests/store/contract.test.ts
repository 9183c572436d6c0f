import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EmbeddingRefused, type EncoderIdentity, type Video } from "../../lib/store";
import { collect, KINDS, type Stores } from "./stores";
import { pictureOf, worldOf } from "./world";

const byId = (videos: Video[]): Video[] => [...videos].sort((a, b) => (a.videoId < b.videoId ? -1 : 1));
const image: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "1",
  preprocessing: "p",
  normalisation: "l2",
  dimensions: 3,
};
const text: EncoderIdentity = { ...image, kind: "text", model: "title-hash", dimensions: 2 };
const later = (video: Video, days: number): Date => new Date(video.collectedAt.getTime() + days * 86_400_000);

for (const { kind, absent, make } of KINDS) {
  describe.skipIf(absent)(kind, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await make();
    });
    afterAll(() => stores?.end());

    test("videos come back as they were given, by id, over several batches and pages", async () => {
      const store = await stores.empty();
      const world = worldOf(1, 120, 60);
      expect(world.length).toBeGreaterThan(5000);
      expect(await store.upsertVideos(world)).toEqual({ inserted: world.length, updated: 0, unchanged: 0 });
      expect(await collect(store.videos())).toEqual(byId(world));
      expect(await store.count()).toBe(world.length);
    });

    test("importing twice changes nothing", async () => {
      const store = await stores.empty();
      const world = worldOf(2);
      await store.upsertVideos(world);
      const before = [await collect(store.videos()), await store.channels()];
      expect(await store.upsertVideos(world)).toEqual({ inserted: 0, updated: 0, unchanged: world.length });
      expect([await collect(store.videos()), await store.channels()]).toEqual(before);
    });

    test("the newer reading wins, also within one batch, and keeps what it does not say", async () => {
      const store = await stores.empty();
      const [first] = worldOf(3);
      if (first === undefined) throw new Error("empty world");
      const old = { ...first, language: "en", views: 10 };
      const fresh = { ...old, collectedAt: later(old, 2), views: 30, language: null };
      const between = { ...old, collectedAt: later(old, 1), views: 20, language: "de" };
      expect(await store.upsertVideos([old, fresh, between])).toEqual({ inserted: 1, updated: 1, unchanged: 1 });
      expect(await collect(store.videos())).toEqual([{ ...fresh, language: "en" }]);
    });

    test("text that PostgreSQL cannot hold is stored with a replacement character", async () => {
      const store = await stores.empty();
      const [first] = worldOf(4);
      if (first === undefined) throw new Error("empty world");
      await store.upsertVideos([{ ...first, title: "a\0b\ud800c 😀 ' \\" }]);
      expect((await collect(store.videos()))[0]?.title).toBe("a\ufffdb\ufffdc 😀 ' \\");
    });

    test("channels carry their newest description and count their videos", async () => {
      const store = await stores.empty();
      const [first] = worldOf(5);
      if (first === undefined) throw new Error("empty world");
      const renamed = {
        ...first,
        videoId: "other",
        channelTitle: "New",
        niche: null,
        subscribers: 7,
        collectedAt: later(first, 1),
      };
      await store.upsertVideos([renamed, first]);
      const { channelId, niche } = first;
      expect(await store.channels()).toEqual([{ channelId, title: "New", niche, subscribers: 7, videos: 2 }]);
    });

    test("vectors come back bit by bit, by id, each under its own identity", async () => {
      const store = await stores.empty();
      const world = byId(worldOf(6)).slice(0, 40);
      await store.upsertVideos(world);
      const vectors = world.map(({ videoId }, index) => ({
        videoId,
        values: Float32Array.of(0.1 * index, -1 / 3, 1e-20),
      }));
      await store.saveEmbeddings(image, [...vectors].reverse());
      expect(await collect(store.embeddings(image))).toEqual(vectors);
      expect(await collect(store.embeddings({ ...image, revision: "2" }))).toEqual([]);
      const replaced = { videoId: world[0]?.videoId ?? "", values: Float32Array.of(3, 2, 1) };
      await store.saveEmbeddings(image, [replaced]);
      expect(await collect(store.embeddings(image))).toEqual([replaced, ...vectors.slice(1)]);
    });

    test("a changed picture or title is missing its vector again, and only that", async () => {
      const store = await stores.empty();
      const [a, b] = byId(worldOf(7)).map((video, index) => ({ ...video, picture: pictureOf(index) }));
      if (a === undefined || b === undefined) throw new Error("empty world");
      await store.upsertVideos([a, b, { ...b, videoId: "~", picture: null }]);
      const unembedded = { videoId: a.videoId, title: a.title, picture: a.picture };
      expect((await collect(store.missingEmbeddings(image, "all")))[0]).toEqual(unembedded);
      expect(await store.countMissingEmbeddings(image, "all")).toBe(2);
      expect(await store.countMissingEmbeddings(text, "all")).toBe(3);
      expect(await store.countMissingEmbeddings(text)).toBe(0);
      for (const { videoId } of [a, b]) {
        await store.saveEmbeddings(image, [{ videoId, values: Float32Array.of(1, 0, 0) }]);
        await store.saveEmbeddings(text, [{ videoId, values: Float32Array.of(1, 0) }]);
      }
      await store.upsertVideos([
        { ...a, picture: pictureOf(99) },
        { ...b, title: "another" },
      ]);
      expect((await collect(store.missingEmbeddings(image, "all"))).map(({ videoId }) => videoId)).toEqual([a.videoId]);
      expect((await collect(store.missingEmbeddings(text, "all"))).map(({ videoId }) => videoId)).toEqual([
        b.videoId,
        "~",
      ]);
    });

    test("a vector of the wrong length, with NaN, or of an unknown video is refused by name", async () => {
      const store = await stores.empty();
      const [first] = worldOf(8);
      const videoId = first?.videoId ?? "";
      await store.upsertVideos(first === undefined ? [] : [first]);
      const save = (id: string, ...values: number[]) =>
        store.saveEmbeddings(image, [{ videoId: id, values: Float32Array.from(values) }]);
      await expect(save(videoId, 1, 2)).rejects.toThrow(EmbeddingRefused);
      await expect(save(videoId, 1, Number.NaN, 2)).rejects.toThrow(/value 1 is NaN/);
      await expect(save("nobody", 1, 2, 3)).rejects.toThrow(/video nobody is refused: the store has no such video/);
      expect(await collect(store.embeddings(image))).toEqual([]);
    });

    test("evaluations are kept by model and time, newest first", async () => {
      const store = await stores.empty();
      const evaluation = { model: "m", evaluatedAt: new Date(1e12), dataHash: "h", metrics: { test: { value: 0.5 } } };
      const newer = { ...evaluation, evaluatedAt: new Date(2e12) };
      await store.saveEvaluation(evaluation);
      await store.saveEvaluation(newer);
      await store.saveEvaluation({ ...evaluation, dataHash: "again" });
      expect(await store.evaluations()).toEqual([newer, { ...evaluation, dataHash: "again" }]);
    });

    test("what is stored is there when it is opened again", async () => {
      const store = await stores.empty();
      const world = worldOf(9);
      await store.upsertVideos(world);
      await store.close();
      expect(await collect((await stores.reopen()).videos())).toEqual(byId(world));
    });
  });
}
