import { readFileSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { at } from "../../lib/base";
import { type Engine, openEngine } from "../../lib/engine";
import {
  embedPixels,
  openVisionFolder,
  readSafetensors,
  saveVisionFolder,
  squareInput,
  trainedNames,
  type VisionFolder,
  VisionFolderUnusable,
  visionSpecs,
} from "../../lib/model";
import { temporaryFolder } from "../embedding/folder";
import { CLIP_GOLDEN, descend, expectClose, GRIDS, lossAndGradients, pixelsOf, shapeOf, variablesOf } from "./vision";

const Gradient = z.object({ norm: z.number(), values: z.array(z.number()) });
const Computed = z.object({
  embeds: z.array(z.number()),
  loss: z.number(),
  gradients: z.record(z.string(), Gradient),
  steps: z.array(z.number()).length(20),
});
const Tower = z.object({ crop: Computed, wide: Computed, full: Computed });
/** What PyTorch and transformers compute with both towers (make.py). */
const golden = z
  .object({ vision: Tower, whole: Tower })
  .parse(JSON.parse(readFileSync(join(CLIP_GOLDEN, "golden.json"), "utf8")));

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

describe.each(["vision", "whole"] as const)("the tower of %s", (name) => {
  let tower: VisionFolder;
  beforeAll(async () => {
    tower = await openVisionFolder(join(CLIP_GOLDEN, name));
  });
  afterAll(() => tower.close());

  test.each(GRIDS)("$input: embeddings, loss and all gradients are PyTorch's", async ({ input, grid }) => {
    const expected = golden[name][input];
    const parameters = await variablesOf(engine, tower);
    const names = Object.keys(parameters);
    const step = engine.jit(
      (pixels) => {
        const embeds = embedPixels(parameters, tower.config, grid, pixels as tf.Tensor4D);
        const { value, grads } = lossAndGradients(
          Object.values(parameters),
          tower,
          grid,
          pixels as tf.Tensor4D,
          () => parameters,
        );
        return [embeds, value, ...grads];
      },
      shapeOf(tower, grid),
    );
    const [embeds, loss, ...gradients] = await step(pixelsOf(tower, grid));
    expectClose(at([embeds], 0), expected.embeds, 1e-4);
    expect(loss?.[0]).toBeCloseTo(expected.loss, 5);
    const largest = Math.max(...Object.values(expected.gradients).map(({ norm }) => norm));
    expect(names.length).toBe(Object.keys(expected.gradients).length);
    for (const [index, weight] of names.entries()) {
      const gradient = at(gradients, index);
      const { norm, values } = expected.gradients[weight] ?? { norm: Number.NaN, values: [] };
      const sampled = values.map((_, i) => at(gradient, Math.trunc((i * (gradient.length - 1)) / (values.length - 1))));
      // A key's bias has a gradient of 0 but for rounding.
      const tolerance = 1e-4 * Math.max(norm, largest * 1e-3);
      expect(Math.abs(Math.hypot(...gradient) - norm), weight).toBeLessThan(tolerance);
      for (const [i, value] of values.entries())
        expect(Math.abs(at(sampled, i) - value), `${weight} ${i}`).toBeLessThan(tolerance);
    }
    step.dispose();
  });

  test.each(GRIDS)("$input: 20 steps of the last two blocks have PyTorch's losses", async ({ input, grid }) => {
    const parameters = await variablesOf(engine, tower);
    const trained = trainedNames(tower.config, 2).map((weight) => parameters[weight] as tf.Variable);
    const step = engine.jit(
      (pixels) => {
        const { value, grads } = lossAndGradients(trained, tower, grid, pixels as tf.Tensor4D, () => parameters);
        descend(trained, grads);
        return [value];
      },
      shapeOf(tower, grid),
    );
    const losses: number[] = [];
    for (const _ of golden[name][input].steps) losses.push((await step(pixelsOf(tower, grid)))[0]?.[0] ?? Number.NaN);
    expectClose(losses, golden[name][input].steps, 1e-4);
    step.dispose();
  });

  test("a saved tower has the same weights, names and shapes, and is read again", async () => {
    const folder = await temporaryFolder();
    const input = { ...squareInput(tower.config), width: 42, height: 24, fit: "stretch" as const };
    await saveVisionFolder(folder, { config: tower.config, input }, (weight) => tower.read(weight));
    const { weights, metadata } = readSafetensors(await readFile(join(folder, "model.safetensors")));
    expect(metadata).toEqual({ format: "pt" });
    expect(Object.keys(weights)).toEqual(visionSpecs(tower.config).map(({ name: weight }) => weight));
    for (const [weight, { values }] of Object.entries(weights))
      expect(values).toEqual((await tower.read(weight)).values);
    const again = await openVisionFolder(folder);
    expect([again.config, again.input]).toEqual([tower.config, input]);
    await again.close();
  });
});

test("the last blocks are trained with the post-norm and the projection, or everything", async () => {
  const tower = await openVisionFolder(join(CLIP_GOLDEN, "vision"));
  const all = visionSpecs(tower.config).map(({ name }) => name);
  expect(trainedNames(tower.config, 0)).toEqual([]);
  const last = trainedNames(tower.config, 1);
  expect(last.filter((name) => name.includes(".layers.2."))).toHaveLength(16);
  expect(last.slice(16)).toEqual([
    "vision_model.post_layernorm.weight",
    "vision_model.post_layernorm.bias",
    "visual_projection.weight",
  ]);
  expect(trainedNames(tower.config, 3)).toEqual(
    all.slice(all.indexOf("vision_model.encoder.layers.0.layer_norm1.weight")),
  );
  expect(trainedNames(tower.config, "all")).toEqual(all);
  expect(() => trainedNames(tower.config, 4)).toThrow("fineTuneBlocks is 0 to 3, not 4");
  await tower.close();
});

const asJson = (change: (json: Record<string, unknown>) => object) => async (path: string) =>
  writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, "utf8")))));

test.each([
  ["no config", "config.json", (path: string) => rm(path)],
  ["no weights", "model.safetensors", (path: string) => rm(path)],
  ["no JSON", "config.json", (path: string) => writeFile(path, "{")],
  ["another kind of model", "config.json", asJson((json) => ({ ...json, model_type: "siglip" }))],
  ["another width", "config.json", asJson((json) => ({ ...json, hidden_size: 18 }))],
  ["more blocks", "config.json", asJson((json) => ({ ...json, num_hidden_layers: 4 }))],
  ["heads that do not divide", "config.json", asJson((json) => ({ ...json, num_attention_heads: 3 }))],
  ["a billion blocks", "config.json", asJson((json) => ({ ...json, num_hidden_layers: 1e9 }))],
])("a folder with %s is refused, with its name", async (_, file, change) => {
  const folder = await temporaryFolder();
  await cp(join(CLIP_GOLDEN, "vision"), folder, { recursive: true });
  await change(join(folder, file));
  const refusal = await openVisionFolder(folder).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(VisionFolderUnusable);
  expect(String(refusal)).toContain(folder);
});
