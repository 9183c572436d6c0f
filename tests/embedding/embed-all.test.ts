import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finish, type Progress } from "../../lib/base/progress";
import { type EmbedJob, embedAll, loadEmbeddings, openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { BEFORE_THREADS } from "../../lib/embedding/embed-all";
import { embeddingFolder } from "../../lib/embedding/file/layout";
import { openStore } from "../../lib/store";
import { temporaryFolder } from "./folder";
import { pictureFile } from "./golden";
import { memoryStore } from "./memory-store";
import { storePicture, video, videosWithGoldenPictures } from "./world";

async function newJob(count: number): Promise<EmbedJob & { store: ReturnType<typeof memoryStore> }> {
  const home = await temporaryFolder();
  const paths = { embeddings: join(home, "embeddings"), thumbnails: join(home, "thumbnails") };
  const store = memoryStore(await videosWithGoldenPictures(paths.thumbnails, count));
  const image = await openImageEncoder("descriptor");
  const text = await openTextEncoder("title-hash");
  return { store, paths, image, text, batchSize: 4 };
}

test("every picture and title is embedded, in the files and in the store, as the encoders do it", async () => {
  const job = await newJob(10);
  const seen: Progress[] = [];
  const report = await finish(embedAll(job), (progress) => seen.push(progress));
  expect(report.image).toMatchObject({ videos: 10, embedded: 10, already: 0, refused: [] });
  expect(report.text).toMatchObject({ videos: 10, embedded: 10, already: 0, refused: [] });
  const vector = await job.image.encode([pictureFile("alpha.png")]);
  expect(await loadEmbeddings(job.paths, job.image.identity, ["v000"])).toEqual(vector);
  expect(job.store.saved.size).toBe(20);
  expect([...job.store.saved.values()][0]).toEqual(vector);
  expect(seen.map(({ stage, done }) => `${stage} ${done}`)).toEqual([
    ...[0, 4, 8, 10].map((done) => `embed pictures ${done}`),
    ...[0, 4, 8, 10].map((done) => `embed titles ${done}`),
  ]);
  expect(seen.every(({ total }) => total === 10)).toBe(true);
});

test("files are the same, byte for byte, whatever the number of threads", async () => {
  const files = [];
  for (const threads of [0, 2]) {
    const job = { ...(await newJob(BEFORE_THREADS + 20)), batchSize: 32, threads };
    expect((await finish(embedAll(job))).image.embedded).toBe(BEFORE_THREADS + 20);
    files.push(await readFile(join(embeddingFolder(job.paths.embeddings, job.image.identity), "vectors.f32")));
  }
  expect(files[0]?.length).toBeGreaterThan(0);
  expect(files[1]?.equals(files[0] ?? Buffer.of())).toBe(true);
});

test("what is done is skipped; a changed title is embedded anew", async () => {
  const job = await newJob(9);
  await finish(embedAll(job));
  expect((await finish(embedAll(job))).image).toMatchObject({ embedded: 0, already: 9 });
  const videos = [];
  for await (const each of job.store.videos()) videos.push(each.videoId === "v003" ? { ...each, title: "New!" } : each);
  const report = await finish(embedAll({ ...job, store: memoryStore(videos) }));
  expect(report.text).toMatchObject({ embedded: 1, already: 8 });
  expect(await loadEmbeddings(job.paths, job.text.identity, ["v003"])).toEqual(await job.text.encode(["New!"]));
});

test("a store that lost its vectors gets them from the files, without encoding", async () => {
  const job = await newJob(7);
  await finish(embedAll(job));
  const saved = new Map(job.store.saved);
  job.store.saved.clear();
  const image = { ...job.image, decode: () => Promise.reject(new Error("must not decode")) };
  expect((await finish(embedAll({ ...job, image }))).image).toMatchObject({ embedded: 0, already: 7 });
  expect(job.store.saved).toEqual(saved);
});

test("pictures that cannot be embedded are left out and reported with the reason", async () => {
  const job = await newJob(3);
  const { thumbnails } = job.paths;
  const jpeg = await readFile(pictureFile("wide.jpg"));
  const broken = await storePicture(thumbnails, jpeg.subarray(0, jpeg.length / 2), "jpeg");
  const videos = [
    ...(await videosWithGoldenPictures(thumbnails, 3)),
    video("w1", "broken", broken),
    video("w2", "gone", { sha256: "ab".repeat(32), format: "jpeg" }),
    video("w3", "none", null),
  ];
  const report = await finish(embedAll({ ...job, store: memoryStore(videos) }));
  expect(report.image).toMatchObject({ videos: 6, embedded: 3 });
  expect(report.image.refused.map(({ videoId, code }) => [videoId, code])).toEqual([
    ["w1", "PICTURE_BROKEN"],
    ["w2", "PICTURE_MISSING"],
    ["w3", "PICTURE_MISSING"],
  ]);
  expect(report.text.embedded).toBe(6);
});

test("a job that is stopped between batches gives its files back", async () => {
  const job = await newJob(9);
  for await (const { done } of embedAll(job)) if (done >= 4) break;
  expect((await finish(embedAll(job))).image).toMatchObject({ embedded: 5, already: 4 });
});

test("with a real store, vectors are there and nothing is missing", { timeout: 180_000 }, async () => {
  const job = await newJob(5);
  const home = await temporaryFolder();
  const store = await openStore({ paths: { store: join(home, "store") } });
  try {
    await store.upsertVideos(await videosWithGoldenPictures(job.paths.thumbnails, 5));
    await finish(embedAll({ ...job, store, scope: "all" }));
    const vectors = new Map<string, Float32Array>();
    for await (const { videoId, values } of store.embeddings(job.image.identity)) vectors.set(videoId, values);
    expect(vectors.get("v001")).toEqual(await loadEmbeddings(job.paths, job.image.identity, ["v001"]));
    expect(await store.countMissingEmbeddings(job.text.identity, "all")).toBe(0);
  } finally {
    await store.close();
  }
});

test.each([true, false])(
  "half of the vectors zeroed: an announced repair, byte for byte (store: %s)",
  async (isInStore) => {
    const job = await newJob(10);
    await finish(embedAll(job));
    const ids = Array.from({ length: 10 }, (_, at) => `v00${at}`);
    const whole = await loadEmbeddings(job.paths, job.image.identity, ids);
    const file = join(embeddingFolder(job.paths.embeddings, job.image.identity), "vectors.f32");
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0, 0, bytes.length / 2));
    await expect(loadEmbeddings(job.paths, job.image.identity, ids)).rejects.toThrow(/5 of 10 .* are damaged/);
    if (!isInStore) job.store.saved.clear();
    const notes = new Set<string>();
    const { image } = await finish(embedAll(job), ({ note }) => notes.add(note ?? ""));
    expect(image).toMatchObject({ damaged: 5, already: 5, fetched: isInStore ? 5 : 0, embedded: isInStore ? 0 : 5 });
    expect(notes).toContain("5 damaged vectors are embedded again");
    expect(await loadEmbeddings(job.paths, job.image.identity, ids)).toEqual(whole);
    expect((await finish(embedAll(job))).image).toMatchObject({ damaged: 0, already: 10 });
  },
);

test("a damaged vector of the store is not copied into the files, and is made again", async () => {
  const job = await newJob(4);
  await finish(embedAll(job));
  const [key = ""] = job.store.saved.keys();
  const sound = job.store.saved.get(key);
  job.store.saved.set(key, new Float32Array(sound?.length ?? 0));
  const paths = { ...job.paths, embeddings: `${job.paths.embeddings}-other` };
  expect((await finish(embedAll({ ...job, paths }))).image).toMatchObject({ embedded: 1, fetched: 3 });
  expect(job.store.saved.get(key)).toEqual(sound);
});
