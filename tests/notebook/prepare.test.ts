import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { finish } from "../../lib/base";
import { importTable, sampleFiles, sampleFolder, sampleWorld, writeSample } from "../../lib/dataset";
import { prepare } from "../../lib/notebook/prepare";
import { type NotebookSettings, settingsOf } from "../../lib/notebook/profile";
import { finishedRun } from "../../lib/runs";
import { withStore } from "../../lib/store";

const LIMIT_MS = 300_000;
let settings: NotebookSettings;
const said = vi.spyOn(console, "log").mockImplementation(() => {});

beforeAll(async () => {
  settings = settingsOf("smoke", { home: await mkdtemp(join(tmpdir(), "thumbrank-prepare-")), epochs: 1 });
});
afterAll(() => rm(settings.paths.home, { recursive: true, force: true }));

/** Notebooks whose work `prepare` does. */
async function doneFor(upTo: Parameters<typeof prepare>[1], by = settings): Promise<string[]> {
  said.mockClear();
  await prepare(by, upTo);
  return said.mock.calls.flatMap(([line]) => /^notebook (\d\d)/.exec(String(line))?.[1] ?? []); // not its progress
}

/** When each file of the home's results was written, without the store's own. */
async function written(): Promise<Record<string, number>> {
  const { checkpoints, models, runs, embeddings } = settings.paths;
  const folders = [checkpoints, models, runs, embeddings];
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => join(folder, name.toString())),
    ),
  );
  const times = await Promise.all(files.flat().map(async (file) => [file, (await stat(file)).mtimeMs] as const));
  return Object.fromEntries(times);
}

test(
  "in an empty home everything is made, in order, and a second time nothing",
  async () => {
    expect(await doneFor("videos")).toEqual(["01"]);
    expect(await doneFor("model")).toEqual(["03", "04", "05", "06", "07"]);
    const before = await written();
    expect(await doneFor("model")).toEqual([]);
    expect(await written()).toEqual(before);
  },
  LIMIT_MS,
);

test("a sample world of which a part is stored is completed; a reader's own videos are left alone", async () => {
  const home = await mkdtemp(join(tmpdir(), "thumbrank-prepare-"));
  const part = settingsOf("smoke", { home, epochs: 1 });
  const folder = sampleFolder(part.paths);
  const { thumbnails } = await finish(writeSample(sampleWorld(part.sample ?? {}), folder));
  const table = (await readFile(sampleFiles(folder).table, "utf8")).split("\n");
  await writeFile(join(home, "part.csv"), table.slice(0, 3).join("\n"));
  await withStore(part.paths, (store) =>
    finish(importTable({ file: join(home, "part.csv"), thumbnails, store, paths: part.paths })),
  );
  expect(await doneFor("videos", part)).toEqual(["01"]);
  expect(await doneFor("videos", part)).toEqual([]);
  expect(await withStore(part.paths, (store) => store.count())).toBe(table.length - 2);

  const own = settingsOf("smoke", { home: join(home, "own"), epochs: 1 });
  await withStore(own.paths, (store) =>
    finish(importTable({ file: join(home, "part.csv"), thumbnails, store, paths: own.paths })),
  );
  expect(await doneFor("videos", own)).toEqual([]);
  await rm(home, { recursive: true });
}, 120_000);

test("what was made is what the settings say", async () => {
  const { paths, run, sample, training, quality } = settings;
  const { data, training: trained, history } = await finishedRun(paths, run);
  expect(await withStore(paths, (store) => store.count())).toBe(
    (sample?.channels ?? 0) * (sample?.videosPerChannel ?? 0),
  );
  expect(trained).toEqual(training);
  expect(history).toHaveLength(1);
  expect(data.videos.every(({ views }) => views >= quality.minViews)).toBe(true);
  const card = JSON.parse(await readFile(join(paths.models, run, "1", "model.json"), "utf8"));
  const evaluation = JSON.parse(await readFile(join(paths.runs, run, "evaluation.json"), "utf8"));
  expect(card.metrics.test.pairwiseAuc).toEqual(evaluation.test.pairwiseAuc);
});

test(
  "a run of other pairs is trained again, and what was made of it is made again",
  async () => {
    const { paths, quality, pairs, splits, seed } = settings;
    const looser = { ...pairs, maxPairsPerChannel: 40 };
    await withStore(paths, (store) => store.buildPairs({ quality, pairs: looser, splits, seed }));
    expect(await doneFor("run")).toEqual(["05"]);
    expect(await doneFor("model")).toEqual(["06", "07"]);
  },
  LIMIT_MS,
);

test("an evaluation older than the weights is made again", async () => {
  const { paths, run } = settings;
  await utimes(join(paths.runs, run, "evaluation.json"), new Date(0), new Date(0));
  expect(await doneFor("evaluation")).toEqual(["06"]);
}, 60_000);

test("a run that was not trained to its end is trained again", async () => {
  await rm(join(settings.paths.checkpoints, settings.run, "trained"), { recursive: true });
  expect(await doneFor("run")).toEqual(["05"]);
}, 60_000);

test("on real data nothing is made up: the notebook to run is named", async () => {
  const home = await mkdtemp(join(tmpdir(), "thumbrank-prepare-"));
  const full = settingsOf("full", { home });
  await expect(prepare(full, "model")).rejects.toMatchObject({
    code: "NOTEBOOK_PREDECESSOR_MISSING",
    stage: "videos",
    message: expect.stringContaining("01_collect.ipynb"),
  });
  expect(await readdir(home)).toEqual(["data"]);
  expect(await doneFor("pairs")).toEqual([]);
  await expect(prepare(settingsOf("full", { home: settings.paths.home }), "run")).rejects.toMatchObject({
    message: expect.stringContaining("04_embed.ipynb"),
  });
  await rm(home, { recursive: true });
}, 60_000);
