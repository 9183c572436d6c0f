import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildOnnx, exportModel, loadModel, ModelDamaged, ModelMissing, ModelNameInvalid } from "../../lib/deployment";
import { openEngine } from "../../lib/engine";
import { readFolder, writeFolder } from "../../lib/files";
import { readSafetensors, ThumbnailRankingModel, writeSafetensors } from "../../lib/model";
import { openPredictor } from "../../lib/training";
import { randomModel, trainedModel, unitRows } from "./trained";

let models = "";
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), "models-"));
});
afterEach(() => rm(models, { recursive: true, force: true }));

test("an exported model has weights, ONNX and a card, and nothing lies beside it", async () => {
  const trained = await trainedModel();
  const folder = await exportModel(models, trained);
  expect(folder).toBe(join(models, "first", "1"));
  expect(await readdir(models)).toEqual(["first"]);
  expect((await readdir(join(models, "first"))).sort()).toEqual(["1", "current"]);
  expect((await readdir(folder)).sort()).toEqual([
    "1",
    "MLmodel",
    "README.md",
    "config.pbtxt",
    "manifest.json",
    "model.json",
    "model.safetensors",
    "python_env.yaml",
    "requirements.txt",
  ]);
  const { weights } = readSafetensors(await readFile(join(folder, "model.safetensors")));
  expect(weights).toEqual(trained.weights);
  const card = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  expect(card).toMatchObject({ name: "first", version: 1, dataHash: trained.dataHash, metrics: trained.metrics });
  expect(card.encoders).toEqual(trained.identities);
  expect(Object.keys(card.config)).toEqual(["model", "training"]);
});

test("a loaded model predicts what the pipeline predicts", async () => {
  const trained = await trainedModel();
  const loaded = await loadModel(await exportModel(models, trained));
  const engine = await openEngine({ backend: "wasm" });
  const model = new ThumbnailRankingModel(trained.config.model, { weights: trained.weights });
  const rows = unitRows(5, 768, 384);
  const found = await loaded.predict(rows);
  const expected = await openPredictor(engine, model).predict(rows);
  for (const head of ["scores", "ctr", "auxiliary"] as const) {
    expect(found[head].length).toBe(expected[head].length);
    found[head].forEach((value, index) => {
      expect(value).toBeCloseTo(expected[head][index] as number, 5);
    });
  }
  await loaded.close();
  engine.dispose();
});

test("names that lead elsewhere are refused, and so are weights that diverged or do not fit", async () => {
  for (const name of ["", "..", "../x", "a/b", "/etc", ".hidden", "a\0", "x".repeat(65)])
    await expect(exportModel(models, await trainedModel({ name })), name).rejects.toThrow(ModelNameInvalid);
  const { weights } = await trainedModel();
  weights["projection.bias"]?.values.fill(Number.NaN);
  await expect(exportModel(models, await trainedModel({ weights }))).rejects.toThrow("projection.bias is NaN");
  const { weights: other } = randomModel(6, 4, 8);
  await expect(exportModel(models, await trainedModel({ weights: other }))).rejects.toThrow("do not fit this model");
  await expect(
    exportModel(models, await trainedModel({ calibration: { slope: Number.NaN, pairs: 1 } })),
  ).rejects.toThrow("calibration.slope");
  expect(await readdir(models)).toEqual([]);
});

test("no model, and one with a flipped bit in any file, are coded errors", async () => {
  await expect(loadModel(join(models, "none"))).rejects.toThrow(ModelMissing);
  const folder = await exportModel(models, await trainedModel());
  for (const name of [...Object.keys(await readFolder(folder)), "manifest.json"]) {
    const bytes = await readFile(join(folder, name));
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] as number) ^ 4;
    await writeFile(join(folder, name), flipped);
    await expect(loadModel(folder), name).rejects.toThrow(ModelDamaged);
    await writeFile(join(folder, name), bytes);
  }
  await (await loadModel(folder)).close();
});

test("whole folders with foreign content are damaged models, not crashes", async () => {
  const folder = await exportModel(models, await trainedModel());
  const good = await readFolder(folder);
  const card = JSON.parse(Buffer.from(good["model.json"] as Uint8Array).toString());
  const { "1/model.onnx": _, ...without } = good;
  const json = (value: unknown) => ({ ...good, "model.json": Buffer.from(JSON.stringify(value)) });
  const text = { ...card.encoders.text, dimensions: 383 };
  const weights = readSafetensors(good["model.safetensors"] as Uint8Array).weights;
  weights["projection.bias"]?.values.fill(Number.NaN);
  const foreign = [
    without,
    json(null),
    json({ ...card, extra: 1 }),
    json({ ...card, format: "thumbrank-model-2" }),
    json({ ...card, calibration: { slope: -1, pairs: 1 } }),
    json({ ...card, percentiles: { all: [], channels: {} } }),
    json({ ...card, encoders: { ...card.encoders, text } }),
    json({ ...card, config: { ...card.config, model: { ...card.config.model, hiddenDim: 32 } } }),
    { ...good, "model.json": Buffer.from("[".repeat(100_000)) },
    { ...good, "model.safetensors": writeSafetensors(weights) },
    { ...good, "model.safetensors": Buffer.from("12345678") },
    { ...good, "1/model.onnx": new Uint8Array(64).fill(7) },
    { ...good, "1/model.onnx": buildOnnx(randomModel(6, 4, 8)) },
  ];
  for (const [index, files] of foreign.entries()) {
    const path = join(models, `foreign-${index}`);
    await writeFolder(path, files);
    await expect(loadModel(path), `case ${index}`).rejects.toThrow(ModelDamaged);
  }
});
