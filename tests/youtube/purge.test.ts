import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { random } from "../../lib/base/random";
import { resolvePaths } from "../../lib/config";
import { embeddedIds, forgetVectors } from "../../lib/embedding";
import { openEmbeddingFile } from "../../lib/embedding/file/write";
import { collect as all, type EncoderIdentity, openStore, picturePath, queryStore, type Video } from "../../lib/store";
import { purge } from "../../lib/youtube";
import { succeed } from "../cli/thumbrank";
import { collectInto, readingsOf } from "../store/collected";
import { pictureOf, worldOf } from "../store/world";
import { newHome } from "./collecting";
import { killMidway, runProgram } from "./programs";

const OLD = new Date(Date.UTC(2026, 2, 1));
const before = new Date(Date.UTC(2026, 2, 20));
const identity: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "1",
  preprocessing: "p",
  normalisation: "l2",
  dimensions: 8,
};

const homes: { home: string; remove: () => Promise<void> }[] = [];
let made: string;
let stale: Video[];
let kept: Video[];
beforeAll(async () => {
  made = await newFolder();
  const videos = worldOf(71, 60, 25).map((video, index) => ({
    ...video,
    collectedAt: OLD,
    picture: pictureOf(index),
    durationSeconds: 300,
    language: "en",
    // One in five was imported.
    videoId: index % 5 === 0 ? `imported${index}` : `collected${index}`,
  }));
  const collected = videos.filter(({ videoId }) => videoId.startsWith("collected"));
  const fresh = collected.filter((_, index) => index % 4 === 0);
  stale = collected.filter((_, index) => index % 4 !== 0);
  const shared = { ...(videos[0] as Video), videoId: "shared", picture: (stale[0] as Video).picture };
  kept = [...videos.filter((video) => !collected.includes(video)), shared, ...fresh];
  await fill(made, collected, fresh);
});
afterAll(async () => {
  for (const { remove } of homes) await remove();
});

async function newFolder(): Promise<string> {
  const home = await newHome();
  homes.push(home);
  return home.home;
}

async function copied(): Promise<string> {
  const home = await newFolder();
  await cp(made, home, { recursive: true });
  return home;
}

/** A home with videos, their pictures, and their vectors in the store and in a file. */
async function fill(home: string, collected: Video[], fresh: Video[]): Promise<void> {
  const paths = resolvePaths(home);
  const store = await openStore({ paths });
  await store.upsertVideos(kept);
  await collectInto(store, collected);
  const later = new Date(before.getTime() + 1);
  await store.saveRefreshed(before, readingsOf(fresh.map((video) => ({ ...video, collectedAt: later }))), []);
  const everything = [...kept, ...stale];
  for (const { picture } of everything) {
    if (picture === null) continue;
    await mkdir(dirname(picturePath(paths.thumbnails, picture)), { recursive: true });
    await writeFile(picturePath(paths.thumbnails, picture), picture.sha256);
  }
  const source = random("purge");
  const vectors = everything.map(({ videoId }) => ({
    videoId,
    values: Float32Array.from({ length: 8 }, () => source.normal()),
  }));
  await store.saveEmbeddings(identity, vectors);
  const file = await openEmbeddingFile(paths.embeddings, identity);
  await file.append(
    vectors.map(({ videoId }) => [videoId, "c"]),
    Float32Array.from(vectors.flatMap(({ values }) => [...values])),
  );
  await file.close();
  await store.close();
}

/** Everything that a home holds of videos. */
async function contentOf(home: string) {
  const paths = resolvePaths(home);
  const store = await openStore({ paths });
  const videos = await all(store.videos());
  const channels = await store.channels();
  const vectors = (await all(store.embeddings(identity))).map(({ videoId }) => videoId);
  const orphans = await all(store.orphanedPictures());
  await store.close();
  const ask = (sql: string) => queryStore(paths, sql);
  return {
    videos,
    channels,
    vectors,
    orphans,
    readings: await ask("select video_id from view_snapshots order by video_id, collected_at"),
    collected: await ask("select * from collect_videos order by video_id"),
    noted: await ask("select * from orphaned_pictures order by picture_sha256"),
    pictures: (await readdir(paths.thumbnails, { recursive: true })).filter((name) => name.includes(".")).sort(),
    inFile: [...(await embeddedIds(paths, identity))].sort(),
    file: (await readFile(`${paths.embeddings}/${(await readdir(paths.embeddings))[0]}/vectors.f32`)).toString("hex"),
  };
}

let whole: Awaited<ReturnType<typeof contentOf>>;

test("a purge deletes stale videos everywhere, and keeps what is imported, fresh or shared", async () => {
  const home = await copied();
  const paths = resolvePaths(home);
  const store = await openStore({ paths });
  const preview = await store.previewPurge(before);
  const report = await finish(purge({ store, paths, before, forgetVectors: (ids) => forgetVectors(paths, ids) }));
  await store.close();
  expect(report).toEqual({ ...preview, fileVectors: stale.length });
  expect(report).toMatchObject({ stale: stale.length, pictures: stale.length - 1 });

  whole = await contentOf(home);
  const inOrder = (a: string, b: string): number => (a < b ? -1 : 1);
  const ids = kept.map(({ videoId }) => videoId).sort(inOrder);
  expect(whole.videos.map(({ videoId }) => videoId).sort(inOrder)).toEqual(ids);
  expect([whole.vectors.sort(inOrder), whole.inFile]).toEqual([ids, ids]);
  const pictures = new Set(kept.map(({ picture }) => picture?.sha256));
  expect(whole.pictures.map((name) => name.split("/")[1]?.split(".")[0])).toEqual([...pictures].sort());
  expect([whole.orphans, whole.noted]).toEqual([[], []]);
});

test("killed again and again, a purge ends with what an undisturbed one leaves", async () => {
  const home = await copied();
  const source = random("kill purge");
  const parameters = [home, before.toISOString()];
  let killed = 0;
  for (let round = 0; round < 3; round++) if (await killMidway("purge.ts", parameters, {}, source, 120)) killed++;
  expect(killed).toBeGreaterThan(0);
  await runProgram("purge.ts", parameters);
  const { file, ...content } = await contentOf(home);
  const { file: wholeFile, ...wholeContent } = whole;
  expect(content).toEqual(wholeContent);
  expect(file === wholeFile).toBe(true);
}, 120_000);

test("the command shows what would go, deletes it, and then finds nothing", async () => {
  const home = await copied();
  const run = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await succeed(["purge", "--json", "--data-dir", home, ...args]));
  const planned = await run("--dry-run");
  expect(planned).toMatchObject({
    stale: stale.length + kept.filter(({ videoId }) => videoId.startsWith("coll")).length,
  });
  expect(await succeed(["purge", "--data-dir", home])).toMatch(/videos not refreshed in time +\d/);
  expect(await run()).toMatchObject({ stale: 0, removed: 0, pictures: 0, fileVectors: 0 });
}, 60_000);
