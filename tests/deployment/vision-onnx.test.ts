import { cpSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildVisionOnnx } from "../../lib/deployment";
import { checkOnnx } from "../../lib/deployment/onnx/check";
import { openEngine } from "../../lib/engine";
import { openVisionFolder, saveVisionFolder, tokenCount, type VisionFolder } from "../../lib/model";
import { openPredictor } from "../../lib/training";
import { BATCH, CLIP_GOLDEN, GRIDS, pixelsOf, shapeOf } from "../model/vision";
import { randomModel, unitRows } from "./trained";

const TEXT_DIM = 4;
let root: string;
let golden: Record<string, Record<string, { embeds: number[] }>>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-vision-onnx-"));
  golden = JSON.parse(await readFile(join(CLIP_GOLDEN, "golden.json"), "utf8"));
  for (const name of ["vision", "whole"]) cpSync(join(CLIP_GOLDEN, name), join(root, name), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const model = randomModel(12, TEXT_DIM, 8);
const titles = unitRows(BATCH, 12, TEXT_DIM);
/** The title half of each row. */
const titleOf = (row: number) => titles.subarray(row * (12 + TEXT_DIM) + 12, (row + 1) * (12 + TEXT_DIM));

/** Runs the graph of a tower from its file, as the rows of a batch or one by one. */
async function runGraph(tower: VisionFolder, bytes: Uint8Array, pixels: Float32Array, shape: number[], atOnce: number) {
  const file = join(tower.folder, "..", `${basename(tower.folder)}.onnx`);
  await writeFile(file, bytes);
  const session = await InferenceSession.create(file);
  const size = pixels.length / BATCH;
  const found: Record<string, number[]> = { score: [], ctr: [], auxiliary: [] };
  const valuesOf = (tensor: Tensor | undefined) => [...((tensor?.data ?? []) as Float32Array)];
  for (let row = 0; row < BATCH; row += atOnce) {
    const part = Float32Array.from(Array.from({ length: atOnce }, (_, i) => [...titleOf(row + i)]).flat());
    const outputs = await session.run({
      pixel_values: new Tensor("float32", pixels.subarray(row * size, (row + atOnce) * size), [
        atOnce,
        ...shape.slice(1),
      ]),
      title_embedding: new Tensor("float32", part, [atOnce, TEXT_DIM]),
    });
    for (const [name, values] of Object.entries(found)) values.push(...valuesOf(outputs[name] as Tensor));
    expect(outputs.score?.dims).toEqual([atOnce]);
    expect(outputs.auxiliary?.dims).toEqual([atOnce, 6]);
  }
  await session.release();
  return found;
}

/** What our own heads make of image vectors that PyTorch computed, each scaled to length 1. */
async function expectedOf(embeds: number[]): Promise<Record<string, Float32Array>> {
  const engine = await openEngine({ backend: "wasm" });
  const predictor = openPredictor(engine, model, BATCH);
  const rows = Array.from({ length: BATCH }, (_, row) => {
    const own = embeds.slice(row * 12, (row + 1) * 12);
    return [...own.map((value) => value / Math.hypot(...own)), ...titleOf(row)];
  });
  const { scores, ctr, auxiliary } = await predictor.predict(Float32Array.from(rows.flat()));
  predictor.dispose();
  engine.dispose();
  return { score: scores, ctr, auxiliary };
}

const cases = ["vision", "whole"].flatMap((folder) => GRIDS.map((each) => ({ folder, ...each })));
test.each(cases)(
  "$folder in $input: from pixels to score, the graph equals PyTorch's tower and our heads to 1e-5",
  async ({ folder, input, grid }) => {
    const tower = await openVisionFolder(join(root, folder));
    const pixels = pixelsOf(tower, grid);
    const { shape } = shapeOf(tower, grid);
    const bytes = await buildVisionOnnx(model, tower, grid);
    await tower.close();
    const expected = await expectedOf(golden[folder]?.[input]?.embeds ?? []);
    for (const atOnce of [BATCH, 1]) {
      const found = await runGraph(tower, bytes, pixels, shape, atOnce);
      for (const [name, values] of Object.entries(expected)) {
        expect(found[name]).toHaveLength(values.length);
        for (const [i, value] of values.entries())
          expect(Math.abs((found[name]?.[i] ?? Number.NaN) - value), `${name} ${i}`).toBeLessThan(1e-5);
      }
    }
  },
);

test("the graph takes the input that the tower's folder says, and has none of its products' weights", async () => {
  const from = await openVisionFolder(join(root, "vision"));
  const input = { ...from.input, width: 42, height: 24, fit: "stretch" as const };
  await saveVisionFolder(join(root, "fine-clip"), { config: from.config, input }, (name) => from.read(name));
  await from.close();
  const tower = await openVisionFolder(join(root, "fine-clip"));
  const bytes = await buildVisionOnnx(model, tower);
  expect(Buffer.from(bytes).equals(await buildVisionOnnx(model, tower, { rows: 12, columns: 21 }))).toBe(true);
  expect(Buffer.from(bytes).equals(await buildVisionOnnx(model, tower, { rows: 21, columns: 12 }))).toBe(false);
  await tower.close();
  const text = Buffer.from(bytes).toString("latin1");
  expect(text).toContain("fine-clip/model.safetensors");
  expect(text).toContain(JSON.stringify(input));
  const heads = Object.values(model.weights).reduce((sum, { values }) => sum + values.byteLength, 0);
  const positions = tokenCount({ rows: 12, columns: 21 }) * 16 * 4;
  expect(bytes.length).toBeLessThan(heads + positions + 30_000);
});

test("a tower of another width is refused, and the graph is none that we would load from elsewhere", async () => {
  const tower = await openVisionFolder(join(root, "vision"));
  await expect(buildVisionOnnx(randomModel(13, TEXT_DIM, 8), tower)).rejects.toThrow("vectors of 13 numbers");
  const bytes = await buildVisionOnnx(model, tower);
  expect(() => checkOnnx(bytes)).toThrow("no export of ours");
  await tower.close();
});
