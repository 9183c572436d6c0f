import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { runStage } from "../../lib/base/stages";
import { embedAll, embedStage, openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { EMBED_PLACEMENT, queueCounts, runOnQueue } from "../../lib/jobs";
import { collect, type EncoderIdentity, type Store } from "../../lib/store";
import { start, succeed } from "../cli/thumbrank";
import { temporaryFolder } from "../embedding/folder";
import { HUB } from "../embedding/golden";
import { videosWithGoldenPictures } from "../embedding/world";
import { jobsOf, newDatabase, server, storeOf, withServer } from "./database";
import { thumbrankWorker, underFire, until } from "./workers";

const TINY = ["--image", "clip-vit-l-14", "--text", "minilm", "--model-dir", HUB];
const BUILT_IN = ["--image", "descriptor", "--text", "title-hash"];
const SHORT = { leaseSeconds: 4, heartbeatSeconds: 10, retryLimit: 20, retryDelaySeconds: 0, retryDelayMaxSeconds: 1 };

const tiny = async () => ({
  image: await openImageEncoder("clip-vit-l-14", { modelDir: HUB }),
  text: await openTextEncoder("minilm", { modelDir: HUB }),
});
const builtIn = async () => ({
  image: await openImageEncoder("descriptor"),
  text: await openTextEncoder("title-hash"),
});

/** A home with pictures, and a database that knows their videos. */
async function place(videos: number) {
  const home = await temporaryFolder();
  const url = await newDatabase();
  const store = await storeOf(url);
  await store.upsertVideos(await videosWithGoldenPictures(join(home, "data", "thumbnails"), videos));
  const paths = { thumbnails: join(home, "data", "thumbnails"), embeddings: join(home, "data", "embeddings") };
  return { home, url, store, paths };
}

async function vectorsOf(store: Store, identity: EncoderIdentity): Promise<Map<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  for await (const { videoId, values } of store.embeddings(identity)) vectors.set(videoId, values);
  return vectors;
}

async function filesOf(embeddings: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const folder of await readdir(embeddings)) {
    for (const name of ["vectors.f32", "rows.jsonl", "identity.json"]) {
      files.set(`${folder}/${name}`, await readFile(join(embeddings, folder, name)));
    }
  }
  return files;
}

describe.skipIf(server === null)(`embedding by workers${withServer}`, () => {
  test("four workers, one of them killed again and again, make the vectors of one process, and its files are filled from there", {
    timeout: 400_000,
  }, async () => {
    const one = await place(160);
    const many = await place(160);
    const { image, text } = await builtIn();
    const alone = { ...one, image, text, batchSize: 4, scope: "all" as const };
    await finish(embedAll(alone));

    const jobs = await jobsOf(many.url);
    const stage = embedStage({ ...many, image, text, batchSize: 4, scope: "all" });
    const enqueued = finish(runOnQueue(jobs, stage, { ...EMBED_PLACEMENT, settings: SHORT, pollMs: 100 }));
    const args = ["--queue", "embed", ...BUILT_IN, "--watch-seconds", "1", "--concurrency", "2"];
    const begin = () => thumbrankWorker([...args, "--data-dir", many.home], { DATABASE_URL: many.url });
    const { killed } = await underFire({ workers: 4, everyMs: 1500, most: 4 }, begin, enqueued);
    expect(killed).toBeGreaterThan(0);
    for (const { identity } of [image, text]) {
      expect(await vectorsOf(many.store, identity)).toEqual(await vectorsOf(one.store, identity));
    }

    // Without pictures nothing can be encoded here.
    await rm(many.paths.thumbnails, { recursive: true });
    const embed = ["embed", ...BUILT_IN, "--all", "--batch-size", "4", "--data-dir", many.home, "--json"];
    const report = JSON.parse(await succeed(embed, { DATABASE_URL: many.url }));
    for (const part of [report.image, report.text]) {
      expect(part).toMatchObject({ embedded: 0, fetched: 160, already: 0, refused: [] });
    }
    expect(await filesOf(many.paths.embeddings)).toEqual(await filesOf(one.paths.embeddings));
  });

  test("pieces have the batches of one process, so encoders that round by batch make the same vectors", async () => {
    const one = await place(30);
    const other = await place(30);
    const { image, text } = await tiny();
    const how = { image, text, batchSize: 4, scope: "all" as const };
    await finish(embedAll({ ...one, ...how }));
    await finish(runStage(embedStage({ ...other, ...how })));
    for (const { identity } of [image, text]) {
      expect(await vectorsOf(other.store, identity)).toEqual(await vectorsOf(one.store, identity));
    }
    await Promise.all([image.close(), text.close()]);
  });

  test("`embed --queue` shares the work out, and tells a worker that lacks the encoder or the pictures", async () => {
    const { home, url, paths } = await place(40);
    const environment = { DATABASE_URL: url };
    const coordinator = start(["embed", ...BUILT_IN, "--data-dir", home, "--all", "--queue", "--json"], environment);
    const jobs = await jobsOf(url);
    await until(async () => (await queueCounts(jobs, ["embed"]))[0]?.waiting === 4);

    const other = thumbrankWorker(["--queue", "embed", ...TINY, "--data-dir", home], environment);
    expect(await other.ended).toBe(1);
    expect(other.lines.join("\n")).toContain("EMBEDDING_ENCODER_ELSEWHERE");
    const elsewhere = await temporaryFolder();
    const args = ["--queue", "embed", ...BUILT_IN];
    const without = thumbrankWorker([...args, "--data-dir", elsewhere], environment);
    expect(await without.ended).toBe(1);
    expect(without.lines.join("\n")).toMatch(/EMBEDDING_PICTURE_ELSEWHERE: (\d+) of \1 stored pictures/);

    const worker = thumbrankWorker([...args, "--data-dir", home, "--exit-when-idle"], environment);
    const { code, stdout, stderr } = await coordinator.outcome;
    expect([code, stderr.includes("embed ")]).toEqual([0, true]);
    expect(JSON.parse(stdout).image).toMatchObject({ embedded: 0, fetched: 40 });
    expect((await readdir(paths.embeddings)).length).toBe(2);
    expect(await worker.ended).toBe(0);
    const shown = JSON.parse(await succeed(["jobs", "--json"], environment));
    expect(shown.queues.at(-1)).toMatchObject({ queue: "embed", waiting: 0, active: 0, done: 4, dead: 0 });
  });

  test("a vector of a title or picture that has changed meanwhile is not stored", async () => {
    const { store, paths } = await place(8);
    const { image, text } = await tiny();
    const [first, ...others] = await collect(store.videos());
    if (first === undefined) throw new Error("no video");
    const renames = {
      ...text,
      async encode(batch: readonly string[]) {
        const collectedAt = new Date(first.collectedAt.getTime() + 1);
        await store.upsertVideos([{ ...first, title: "another", collectedAt }]);
        return text.encode(batch);
      },
    };
    const stage = embedStage({ store, paths, image, text: renames, scope: "all" });
    await finish(runStage(stage));
    expect([...(await vectorsOf(store, text.identity)).keys()]).toEqual(others.map(({ videoId }) => videoId));
    await finish(runStage(stage));
    expect((await vectorsOf(store, text.identity)).size).toBe(8);
    await Promise.all([image.close(), text.close()]);
  });
});
