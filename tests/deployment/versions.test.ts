import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  exportModel,
  listModels,
  loadModel,
  ModelDamaged,
  ModelMissing,
  ModelReferenceInvalid,
  ModelVersionMissing,
  resolveModel,
  resolveModelPath,
  setCurrentVersion,
} from "../../lib/deployment";
import { trainedModel } from "./trained";

const FLAT = join(__dirname, "..", "compatibility", "runs", "models", "first");

let models = "";
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), "versions-"));
});
afterEach(() => rm(models, { recursive: true, force: true }));

const dataHashOf = async (reference: string): Promise<string> => {
  const { card, close } = await loadModel((await resolveModel(models, reference)).folder);
  await close();
  return card.dataHash;
};
const exportHash = async (dataHash: string) => exportModel(models, await trainedModel({ dataHash }));
const namesOf = async () => (await listModels(models)).map(({ name, version }) => `${name}@${version}`);

test("each export adds a version and leaves the earlier ones byte for byte as they are", async () => {
  const first = await exportHash("one");
  const before = await readFile(join(first, "manifest.json"));
  expect(await exportHash("two")).toBe(join(models, "first", "2"));
  expect(await readFile(join(first, "manifest.json"))).toEqual(before);
  expect(await dataHashOf("first@1")).toBe("one");
  expect(await dataHashOf("first@2")).toBe("two");
  expect(await dataHashOf("first")).toBe("two");
  expect(await readFile(join(models, "first", "current"), "utf8")).toBe("2\n");
  expect((await loadModel(first)).version).toBe(1);
});

test("the current version can be moved back and forth, and the next export's number follows the last", async () => {
  await exportHash("one");
  await exportHash("two");
  expect(await setCurrentVersion(models, "first@1")).toMatchObject({ name: "first", version: 1 });
  expect(await dataHashOf("first")).toBe("one");
  expect((await listModels(models)).map(({ version, isCurrent }) => [version, isCurrent])).toEqual([
    [1, true],
    [2, false],
  ]);
  await setCurrentVersion(models, "first@2");
  expect(await dataHashOf("first")).toBe("two");
  await setCurrentVersion(models, "first@1");
  expect(await exportHash("three")).toBe(join(models, "first", "3"));
});

test("a version that was deleted leaves its number unused while it is the current one", async () => {
  await exportHash("one");
  await rm(await exportHash("two"), { recursive: true });
  await expect(resolveModel(models, "first")).rejects.toThrow(ModelVersionMissing);
  expect(await exportHash("three")).toBe(join(models, "first", "3"));
});

test("an export of the time before versions is version 0: it loads, and stays when versions are added", async () => {
  cpSync(FLAT, join(models, "first"), { recursive: true });
  const old = await dataHashOf("first");
  expect(await resolveModel(models, "first")).toEqual({ name: "first", version: 0, folder: join(models, "first") });
  await exportHash("one");
  expect(await dataHashOf("first")).toBe("one");
  expect(await dataHashOf("first@0")).toBe(old);
  expect(await namesOf()).toEqual(["first@0", "first@1"]);
  await setCurrentVersion(models, "first@0");
  expect(await dataHashOf("first")).toBe(old);
  const loaded = await loadModel(join(models, "first"));
  expect(loaded.version).toBe(0);
  await loaded.close();
});

test("without the file current, an unversioned export is meant, else the last version", async () => {
  await exportHash("one");
  await exportHash("two");
  await setCurrentVersion(models, "first@1");
  await rm(join(models, "first", "current"));
  expect((await resolveModel(models, "first")).version).toBe(2);
  cpSync(FLAT, join(models, "first"), { recursive: true });
  expect((await resolveModel(models, "first")).version).toBe(0);
});

test("a path stands for a version's folder or for the model's current version", async () => {
  await exportHash("one");
  await exportHash("two");
  await setCurrentVersion(models, "first@1");
  expect(await resolveModelPath(join(models, "first"))).toBe(join(models, "first", "1"));
  expect(await resolveModelPath(join(models, "first", "2"))).toBe(join(models, "first", "2"));
  expect(await resolveModelPath(FLAT)).toBe(FLAT);
});

test("references that name no model, no version or another place are coded errors", async () => {
  await exportHash("one");
  for (const reference of [
    "",
    "@1",
    "first@",
    "first@x",
    "first@-1",
    "first@01",
    "first@1@1",
    "../first",
    "first/1",
    "first@1\n",
  ])
    await expect(resolveModel(models, reference), reference).rejects.toThrow(ModelReferenceInvalid);
  await expect(setCurrentVersion(models, "first")).rejects.toThrow("names no version");
  await expect(resolveModel(models, "second")).rejects.toThrow(ModelMissing);
  await expect(resolveModel(models, "first@0")).rejects.toThrow("there are 1");
  await writeFile(join(models, "first", "current"), "latest");
  await expect(resolveModel(models, "first")).rejects.toMatchObject({ code: "MODEL_CURRENT_DAMAGED" });
  expect((await resolveModel(models, "first@1")).version).toBe(1);
});

test("a damaged version is listed as such and cannot become the current one", async () => {
  await exportHash("one");
  const second = await exportHash("two");
  await setCurrentVersion(models, "first@1");
  await writeFile(join(second, "model.json"), "{}");
  const [good, damaged] = await listModels(models);
  expect(good).toMatchObject({ version: 1, isCurrent: true, damage: null, card: { dataHash: "one" } });
  expect(damaged).toMatchObject({ version: 2, card: null, damage: expect.stringContaining("model.json") });
  await expect(setCurrentVersion(models, "first@2")).rejects.toThrow(ModelDamaged);
  expect(await dataHashOf("first")).toBe("one");
});

test("folders and files that are no models are not listed", async () => {
  await mkdir(join(models, "empty"));
  await writeFile(join(models, "training_history.json"), "[]");
  expect(await listModels(models)).toEqual([]);
  await expect(resolveModel(models, "empty")).rejects.toThrow(ModelMissing);
  expect(await listModels(join(models, "none"))).toEqual([]);
});

/** Exports in another process. */
const exportElsewhere = (times: number) =>
  promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    join(__dirname, "programs", "export.ts"),
    models,
    `${times}`,
  ]);

test("exports of several processes at once get numbers of their own", async () => {
  const outcomes = await Promise.allSettled([1, 1, 1].map(exportElsewhere));
  const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
  for (const reason of refused) expect(reason).toContain("MODEL_LOCKED");
  const listed = await listModels(models);
  expect(listed.length).toBe(outcomes.length - refused.length);
  expect(listed.map(({ damage }) => damage)).toEqual(listed.map(() => null));
  expect(listed.map(({ version }) => version)).toEqual(listed.map((_, at) => at + 1));
  expect((await readdir(join(models, "first"))).filter((name) => name.endsWith(".lock"))).toEqual([]);
});

test("an export that is killed at any time leaves whole versions only, and the next one works", async () => {
  for (const delayMs of [0, 3, 10, 20, 40, 80]) {
    const exporting = exportElsewhere(100);
    await new Promise<void>((resolve) => exporting.child.stdout?.once("data", () => resolve()));
    await sleep(delayMs);
    exporting.child.kill("SIGKILL");
    await expect(exporting).rejects.toMatchObject({ signal: "SIGKILL" });
    expect((await listModels(models)).filter(({ damage }) => damage !== null)).toEqual([]);
    const versions = (await readdir(join(models, "first")).catch(() => [])).filter((name) => /^\d/.test(name));
    expect((await listModels(models)).length).toBe(versions.length);
  }
  await exportHash("after");
  expect(await dataHashOf("first")).toBe("after");
  expect((await readdir(models)).filter((name) => name.startsWith("."))).toEqual([]);
});
