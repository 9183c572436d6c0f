import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { openStore, type TrainingPair } from "../../lib/store";
import { buildOptions } from "./options";
import { kill, nextLine, start, startIn } from "./processes";
import { collect } from "./stores";
import { worldOf } from "./world";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-crash-"));
  folders.push(folder);
  return folder;
}

test("killed again and again in the midst of an import, no acknowledged video is lost and none is doubled", async () => {
  const folder = await newFolder();
  const seed = 31;
  const source = random("crash test");
  const world = worldOf(seed, 40, 20);
  const truth = new Map(world.map((video) => [video.videoId, video]));
  for (let round = 0; round < 8; round++) {
    const program = start("import.ts", folder, String(seed));
    const enough = 1 + source.integer(world.length / 7 - 1);
    let acknowledged = 0;
    for (let line = 0; line < enough; line++) acknowledged = Number(await nextLine(program));
    // Somewhere within the next statements.
    await new Promise((resolve) => setTimeout(resolve, source.uniform() * 20));
    await kill(program);

    const store = await openStore({ paths: { store: folder } });
    const stored = await collect(store.videos());
    await store.close();
    expect(new Set(stored.map((video) => video.videoId)).size).toBe(stored.length);
    for (const video of stored) expect(video).toEqual(truth.get(video.videoId));
    const ids = new Set(stored.map((video) => video.videoId));
    expect(world.slice(0, acknowledged).filter((video) => !ids.has(video.videoId))).toEqual([]);
  }
  const last = start("import.ts", folder, String(seed));
  last.process.stdout.resume();
  expect(await last.ended).toBe(0);
  const store = await openStore({ paths: { store: folder } });
  expect(new Map((await collect(store.videos())).map((video) => [video.videoId, video]))).toEqual(truth);
  await store.close();
}, 300_000);

test("killed while pairs are rebuilt, the store holds the pairs of one whole build", async () => {
  const folder = await newFolder();
  const source = random("crash test", "rebuild");
  const paths = { store: folder };
  const builds: TrainingPair[][] = [];
  const store = await openStore({ paths });
  await store.upsertVideos(worldOf(33, 40, 20));
  for (const seed of [2, 1]) {
    await store.buildPairs(buildOptions({ seed }));
    builds.push(await collect(store.pairs()));
  }
  await store.close();
  expect(builds[0]).not.toEqual(builds[1]);
  for (let round = 0; round < 4; round++) {
    const program = start("rebuild.ts", folder);
    await nextLine(program);
    await new Promise((resolve) => setTimeout(resolve, source.uniform() * 500));
    await kill(program);
    const again = await openStore({ paths });
    expect(builds).toContainEqual(await collect(again.pairs()));
    await again.close();
  }
}, 300_000);

test.each([
  ["made", 300, 1500],
  ["copied", 200, 400],
])(
  "killed while the database is being %s, the next process makes it",
  async (how, leastMs, spreadMs) => {
    const folder = await newFolder();
    const source = random("crash test", "making");
    const environment: Record<string, string> = how === "made" ? { XDG_CACHE_HOME: await newFolder() } : {};
    for (let round = 0; round < 4; round++) {
      const program = startIn(environment, "hold.ts", folder);
      const delayMs = leastMs + source.uniform() * spreadMs;
      await Promise.race([nextLine(program), new Promise((resolve) => setTimeout(resolve, delayMs))]);
      await kill(program);
    }
    const store = await openStore({ paths: { store: folder } });
    const world = worldOf(32, 3, 5);
    expect((await store.upsertVideos(world)).inserted).toBe(world.length);
    await store.close();
  },
  120_000,
);
