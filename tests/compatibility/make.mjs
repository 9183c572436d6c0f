/**
 * Makes the fixtures of this folder with the code of an earlier commit, checked out and set up beside this one:
 *   node scripts/run.mjs node_modules/tsx/dist/cli.mjs tests/compatibility/make.mjs CHECKOUT store store-2
 *   node scripts/run.mjs node_modules/tsx/dist/cli.mjs tests/compatibility/make.mjs CHECKOUT runs runs
 * `store-2` and `runs` are of 24f0ae3, `store-3` of 1795588. A store is kept as the schema's text and all rows, and that of
 * version 2 as the folder of PGlite too (a tar under brotli), as an old home has it.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const [checkout, kind, name] = process.argv.slice(2);
const old = (path) => import(join(resolve(checkout), path));
const out = join(HERE, name);
mkdirSync(out, { recursive: true });
/** So that messy videos make pairs. */
const QUALITY = { minViews: 0, minSubscribers: 0, minChannelVideos: 1 };
const scratch = mkdtempSync(join(tmpdir(), "thumbrank-make-"));

await (kind === "store" ? makeStore() : makeRuns());
process.exit(0);

async function makeStore() {
  const { openDatabase, openStore, schemaSql } = await old("lib/store/index.ts");
  const { worldOf } = await old("tests/store/world.ts");
  const { buildOptions } = await old("tests/store/options.ts");
  const location = { paths: { store: join(scratch, "store") } };
  const store = await openStore(location);
  await fill(store, worldOf(7, 6, 20), buildOptions({ quality: QUALITY }));
  await store.close();

  const database = await openDatabase(location);
  const rows = {};
  for (const { name: of_table } of await database.call("store_tables")) {
    const given = await database.call("contents_after", { of_table, after: null, upto: null, size: 1_000_000 });
    rows[of_table] = given.map(({ content }) => content);
  }
  await database.close();
  writeFileSync(
    join(out, "store.json.gz"),
    gzipSync(JSON.stringify({ schema: await schemaSql(), rows }), { level: 9 }),
  );
  if (name === "store-2") writeFileSync(join(out, "store.tar.br"), packed(scratch, "store"));
}

/** Something in every table that a program of that time could fill. */
async function fill(store, videos, options) {
  const now = new Date("2026-03-01T12:00:00Z");
  await store.upsertVideos(videos);
  await store.upsertVideos(
    videos.slice(0, 5).map((video) => ({ ...video, views: video.views + 10, collectedAt: now })),
  );
  await store.buildPairs(options);
  const identity = { kind: "text", model: "m", revision: "1", preprocessing: "p", normalisation: "l2", dimensions: 3 };
  const vectors = videos.map(({ videoId }, row) => ({ videoId, values: Float32Array.from([row, -0.5, 0.1]) }));
  await store.saveEmbeddings(identity, vectors);
  await store.saveEvaluation({ model: "first", evaluatedAt: now, dataHash: "d", metrics: { auc: 0.625 } });
  await store.spendQuota({ day: "2026-03-01", bucket: "search", method: "search.list", units: 1, limit: 100 });
  await store.saveSearchPage({ niche: "n", query: "q", page: 0, nextPageToken: "T", channelIds: ["UC1", "UC2"] });
  const judged = { channelId: "UC1", state: "accepted", reason: null, title: "One", subscribers: 5, uploads: "UU1" };
  await store.judgeChannels([{ ...judged, readAt: now }]);
  const page = { channelId: "UC1", pageToken: null, nextPageToken: null, refused: null, most: 50 };
  await store.saveListing({ ...page, ended: "exhausted", videoIds: ["a", "b", "c"] });
  const [video] = videos;
  const day = { jobId: "j", startTime: now, endTime: now };
  const clicks = {
    day: "2026-02-27",
    channelId: video.channelId,
    videoId: video.videoId,
    impressions: 900,
    ctr: 0.0625,
  };
  await store.saveCtrReport({ reportId: "r", ...day, createTime: now }, [clicks]);
  await store.applyCtr(100);
  const thumbnailUrls = ["https://i.ytimg.com/vi/a/maxresdefault.jpg"];
  await store.saveReadings(
    [{ video: { ...video, videoId: "a", picture: null }, thumbnailUrls }],
    [{ videoId: "b", state: "removed", reason: "gone" }],
  );
  const picture = { sha256: "a".repeat(64), format: "jpeg" };
  const dated = { ...video, videoId: "c", collectedAt: new Date("2026-01-01T00:00:00Z"), picture };
  await store.saveReadings([{ video: dated, thumbnailUrls }], []);
  for await (const _ of store.purge(new Date("2026-02-01T00:00:00Z")));
}

async function makeRuns() {
  const { openEngine } = await old("lib/engine/index.ts");
  const { ThumbnailRankingModel } = await old("lib/model/index.ts");
  const { TrainingPipeline, trainRun, predictRun, readTrained } = await old("lib/training/index.ts");
  const { evaluate, toJson } = await old("lib/evaluation/index.ts");
  const { planted } = await old("tests/training/planted.ts");
  const train = async (run, steps) => {
    const engine = await openEngine();
    const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 2 });
    const options = { seed: 2, learningRate: 1e-2, swaStart: 2 };
    const pipeline = new TrainingPipeline({ model, engine, data: planted(), ...options });
    const paths = { checkpoints: join(scratch, run), models: join(scratch, run), runs: join(scratch, run) };
    let done = 0;
    for await (const { kind: event } of trainRun({ name: "run", paths, pipeline, numEpochs: 4, checkpointSteps: 3 }))
      if (event === "step" && ++done === steps) break;
    engine.dispose();
    return join(scratch, run, "run");
  };
  const whole = await train("whole", null);
  cpSync(join(whole, "trained"), join(out, "whole", "trained"), { recursive: true });
  const interrupted = await train("interrupted", 17);
  const [latest] = readdirSync(interrupted).filter((each) => each.endsWith("step_17"));
  cpSync(join(interrupted, latest), join(out, "interrupted", "run", latest), { recursive: true });

  const trained = await readTrained(whole);
  const data = planted();
  const { scores, ctr } = await predictRun({ model: trained.model, data });
  const figures = toJson(evaluate({ data, scores, ctr, seed: 2 }));
  writeFileSync(join(out, "figures.json"), `${JSON.stringify({ figures, scores: [...scores] })}\n`);
  await exportOld();
}

async function exportOld() {
  const { exportModel, loadModel, openEncoders, rank } = await old("lib/deployment/index.ts");
  const { trainedModel } = await old("tests/deployment/trained.ts");
  const models = join(scratch, "models");
  const folder = await exportModel(models, await trainedModel());
  const model = await loadModel(folder);
  const encoders = await openEncoders(model.card);
  const pictures = join(resolve(checkout), "tests/golden/embedding/pictures");
  const images = readdirSync(pictures).sort();
  const titled = images.map((image) => ({ image, source: join(pictures, image), title: `Title of ${image}` }));
  const { ranking } = await rank({ model, encoders, images: titled });
  writeFileSync(join(out, "ranking.json"), `${JSON.stringify(ranking)}\n`);
  cpSync(folder, join(out, "models", "first"), { recursive: true });
}

function packed(folder, within) {
  const tar = execFileSync("tar", ["-C", folder, "--sort=name", "-cf", "-", within], { maxBuffer: 2 ** 30 });
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
  return brotliCompressSync(tar, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24 } });
}
