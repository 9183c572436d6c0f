import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { embedAll, embedStages, identityHash, openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { EMBED_PLACEMENT, openJobs, queueCounts, runOnQueue } from "../../lib/jobs";
import { finish } from "../../lib/progress";
import type { EncoderIdentity, Store } from "../../lib/store";
import { run, succeed } from "../cli/thumbrank";
import { temporaryFolder } from "../embedding/folder";
import { HUB } from "../embedding/golden";
import { videosWithGoldenPictures } from "../embedding/world";
import { jobsOf, newDatabase, server, storeOf, withServer } from "./database";
import { thumbrankWorker, underFire, until } from "./workers";

const ENCODERS = ["--image", "clip-vit-l-14", "--text", "minilm", "--model-dir", HUB];
const SHORT = { leaseSeconds: 4, heartbeatSeconds: 10, retryLimit: 20, retryDelaySeconds: 0, retryDelayMaxSeconds: 1 };

async function encoders() {
  const image = await openImageEncoder("clip-vit-l-14", { modelDir: HUB });
  return { image, text: await openTextEncoder("minilm", { modelDir: HUB }) };
}

/** A home with pictures, and a database that knows their videos. */
async function place(videos: number) {
  const [home, url] = [await temporaryFolder(), await newDatabase()];
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
  test("four workers, one of them killed again and again, make the vectors of one process, and its files are filled from there", async () => {
    const [one, many] = [await place(240), await place(240)];
    const { image, text } = await encoders();
    const alone = { ...one, image, text, batchSize: 4, scope: "all" as const };
    await finish(embedAll(alone));

    const jobs = await jobsOf(many.url);
    const stages = embedStages({ ...many, image, text, batchSize: 4, scope: "all" });
    const enqueued = (async () => {
      for (const stage of [stages.image, stages.text]) {
        await finish(runOnQueue(jobs, stage, { ...EMBED_PLACEMENT, settings: SHORT, pollMs: 100 }));
      }
    })();
    const args = ["--queue", "embed", ...ENCODERS, "--watch-seconds", "1", "--concurrency", "2"];
    const start = () => thumbrankWorker([...args, "--data-dir", many.home], { DATABASE_URL: many.url });
    const { killed } = await underFire(4, start, enqueued, 700);
    expect(killed).toBeGreaterThan(0);
    for (const { identity } of [image, text]) {
      expect(await vectorsOf(many.store, identity)).toEqual(await vectorsOf(one.store, identity));
    }

    // Without pictures nothing can be encoded here.
    await rm(many.paths.thumbnails, { recursive: true });
    const embed = ["embed", ...ENCODERS, "--all", "--batch-size", "4", "--data-dir", many.home, "--json"];
    const report = JSON.parse(await succeed(embed, { DATABASE_URL: many.url }));
    for (const part of [report.image, report.text]) {
      expect(part).toMatchObject({ embedded: 0, fetched: 240, already: 0, refused: [] });
    }
    expect(await filesOf(many.paths.embeddings)).toEqual(await filesOf(one.paths.embeddings));
    await Promise.all([image.close(), text.close()]);
  });
});
