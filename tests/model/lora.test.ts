import { readFileSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { at } from "../../lib/base";
import { type Engine, inMicroBatches, openEngine } from "../../lib/engine";
import {
  AdapterFolderUnusable,
  embedPatches,
  embedPixels,
  initialWeights,
  LORA_DEFAULTS,
  type LoraAdapters,
  type LoraOptions,
  loraSpecs,
  mergeLora,
  openVisionFolder,
  poolAndProject,
  readAdapters,
  readSafetensors,
  runBlocks,
  saveAdapters,
  tokenCount,
  type VisionFolder,
  visionSpecs,
  withLora,
  writeSafetensors,
} from "../../lib/model";
import { temporaryFolder } from "../embedding/folder";
import {
  BATCH,
  CLIP_GOLDEN,
  descend,
  expectClose,
  GRIDS,
  lossAndGradients,
  pixelsOf,
  shapeOf,
  squaredErrorAndGradients,
  variablesFrom,
  variablesOf,
} from "./vision";

const FOLDER = join(CLIP_GOLDEN, "lora");
const Computed = z.object({
  embeds: z.array(z.number()),
  loss: z.number(),
  gradients: z.record(z.string(), z.array(z.number())),
  steps: z.array(z.number()).length(20),
});
/** What PyTorch, transformers and peft compute with the adapters that peft saved (make_lora.py). */
const golden = z
  .object({ crop: Computed, wide: Computed, full: Computed, merged: z.record(z.string(), z.array(z.number())) })
  .parse(JSON.parse(readFileSync(join(CLIP_GOLDEN, "lora.json"), "utf8")));

const TOWER = { name: "openai/clip-vit-large-patch14", revision: "ab12" };

let engine: Engine;
let tower: VisionFolder;
let adapters: LoraAdapters;
beforeAll(async () => {
  engine = await openEngine();
  tower = await openVisionFolder(join(CLIP_GOLDEN, "vision"));
  adapters = await readAdapters(FOLDER, tower.config);
});
afterAll(async () => {
  await tower.close();
  engine.dispose();
});

describe.each(GRIDS)("$input: adapters that peft saved", ({ input, grid }) => {
  const expected = golden[input];

  test("give the embeddings, loss and gradients of A and B of PyTorch", async () => {
    const frozen = await variablesOf(engine, tower);
    const trained = variablesFrom(engine, adapters.weights);
    const parametersOf = () => withLora({ ...frozen, ...trained }, adapters);
    const step = engine.jit(
      (pixels) => {
        const embeds = embedPixels(parametersOf(), tower.config, grid, pixels as tf.Tensor4D);
        const variables = Object.values(trained);
        const { value, grads } = lossAndGradients(variables, tower, grid, pixels as tf.Tensor4D, parametersOf);
        return [embeds, value, ...grads];
      },
      shapeOf(tower, grid),
    );
    const [embeds, loss, ...gradients] = await step(pixelsOf(tower, grid));
    expectClose(embeds, expected.embeds, 1e-5);
    expect(loss?.[0]).toBeCloseTo(expected.loss, 5);
    expect(new Set(Object.keys(trained))).toEqual(new Set(Object.keys(expected.gradients)));
    for (const [index, name] of Object.keys(trained).entries())
      expectClose(at(gradients, index), expected.gradients[name] ?? [], 1e-4, name);
    step.dispose();
  });

  test("have PyTorch's losses over 20 steps of A and B", async () => {
    const frozen = await variablesOf(engine, tower);
    const trained = variablesFrom(engine, adapters.weights);
    const step = engine.jit(
      (pixels) => {
        const variables = Object.values(trained);
        const { value, grads } = lossAndGradients(variables, tower, grid, pixels as tf.Tensor4D, () =>
          withLora({ ...frozen, ...trained }, adapters),
        );
        descend(variables, grads);
        return [value];
      },
      shapeOf(tower, grid),
    );
    const losses: number[] = [];
    for (const _ of expected.steps) losses.push((await step(pixelsOf(tower, grid)))[0]?.[0] ?? Number.NaN);
    expectClose(losses, expected.steps, 1e-4);
    step.dispose();
  });
});

test("blocks that are recomputed one picture at a time give A and B the same gradients", async () => {
  const { grid, input } = GRIDS[0];
  const frozen = await variablesOf(engine, tower);
  const trained = variablesFrom(engine, adapters.weights);
  const variables = Object.values(trained);
  const { config } = tower;
  const step = engine.jit(
    (pixels) => {
      const blocks = (hidden: tf.Tensor2D) => {
        const parameters = withLora({ ...frozen, ...trained }, adapters);
        return runBlocks(parameters, config, hidden, { batch: 1, from: 0, to: config.blocks });
      };
      const { grads } = squaredErrorAndGradients(variables, tower, () => {
        const hidden = embedPatches(frozen, config, grid, pixels as tf.Tensor4D);
        return poolAndProject(frozen, config, inMicroBatches(blocks, hidden, tokenCount(grid), variables), BATCH);
      });
      return grads;
    },
    shapeOf(tower, grid),
  );
  const gradients = await step(pixelsOf(tower, grid));
  for (const [index, name] of Object.keys(trained).entries())
    expectClose(at(gradients, index), golden[input].gradients[name] ?? [], 1e-4, name);
  step.dispose();
});

test("merged weights are those of merge_and_unload, and all others stay", async () => {
  const read = mergeLora(tower.config, (name) => tower.read(name), adapters);
  expect(Object.keys(golden.merged)).toHaveLength(4);
  for (const { name, shape } of visionSpecs(tower.config)) {
    const merged = await read(name);
    expect(merged.shape).toEqual(shape);
    expectClose(merged.values, golden.merged[name] ?? [...(await tower.read(name)).values], 1e-6, name);
  }
});

test("adapters of layers that the tower does not have are not merged", () => {
  const weights = { "text_model.q_proj.lora_A.weight": { shape: [4, 16], values: new Float32Array(64) } };
  expect(() => mergeLora(tower.config, (name) => tower.read(name), { ...adapters, weights })).toThrow(
    "the tower has no layer text_model.q_proj",
  );
});

describe("fresh adapters", () => {
  test("are on the queries and values of all blocks, or on the layers and last blocks that are named", () => {
    const defaults = loraSpecs(tower.config, LORA_DEFAULTS);
    expect(defaults.map(({ name }) => name)).toHaveLength(3 * 2 * 2);
    expect(defaults[0]).toMatchObject({
      name: "vision_model.encoder.layers.0.self_attn.q_proj.lora_A.weight",
      shape: [8, 16],
    });
    expect(defaults[1]).toMatchObject({
      name: "vision_model.encoder.layers.0.self_attn.q_proj.lora_B.weight",
      shape: [16, 8],
    });
    const last = loraSpecs(tower.config, { rank: 2, alpha: 2, targets: ["fc1", "fc2"], blocks: 1 });
    expect(last.map(({ name, shape }) => [name.slice("vision_model.encoder.layers.".length), shape])).toEqual([
      ["2.mlp.fc1.lora_A.weight", [2, 16]],
      ["2.mlp.fc1.lora_B.weight", [24, 2]],
      ["2.mlp.fc2.lora_A.weight", [2, 24]],
      ["2.mlp.fc2.lora_B.weight", [16, 2]],
    ]);
    expect(() => loraSpecs(tower.config, { ...LORA_DEFAULTS, blocks: 4 })).toThrow(
      "blocks with adapters are 1 to 3, not 4",
    );
  });

  test("have a uniform A within 1/sqrt(in) of the seed, and a B of zeros", () => {
    const specs = loraSpecs(tower.config, { ...LORA_DEFAULTS, rank: 64 });
    const weights = initialWeights(specs, 5);
    for (const [name, { values }] of Object.entries(weights)) {
      if (name.includes("lora_B")) expect(new Set(values)).toEqual(new Set([0]));
      else {
        expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.25);
        expect(Math.max(...values)).toBeGreaterThan(0.24);
        expect(Math.min(...values)).toBeLessThan(-0.24);
      }
    }
    expect(initialWeights(specs, 5)).toEqual(weights);
    expect(initialWeights(specs, 6)).not.toEqual(weights);
  });
});

describe("a folder of adapters", () => {
  test.each<[string, LoraOptions, object]>([
    ["all blocks", LORA_DEFAULTS, { target_modules: ["q_proj", "v_proj"], layers_to_transform: null }],
    [
      "the last blocks",
      { rank: 4, alpha: 1, targets: ["k_proj", "fc2"], blocks: 2 },
      { target_modules: ["k_proj", "fc2"], layers_to_transform: [1, 2], layers_pattern: "layers" },
    ],
  ])("on %s is written as peft writes it, and is read again", async (_, options, targets) => {
    const folder = await temporaryFolder();
    const weights = initialWeights(loraSpecs(tower.config, options), 1);
    const { rank, alpha } = options;
    await saveAdapters(folder, tower.config, { rank, alpha, weights }, TOWER);
    expect(JSON.parse(await readFile(join(folder, "adapter_config.json"), "utf8"))).toMatchObject({
      peft_type: "LORA",
      base_model_name_or_path: TOWER.name,
      r: rank,
      lora_alpha: alpha,
      ...targets,
    });
    expect(await readAdapters(folder, tower.config)).toEqual({ rank, alpha, weights });
  });

  test("of layers that differ from block to block names each of them", async () => {
    const folder = await temporaryFolder();
    const specs = loraSpecs(tower.config, LORA_DEFAULTS).filter(({ name }) => !name.includes(".0.self_attn.q_proj"));
    const weights = initialWeights(specs, 1);
    await saveAdapters(folder, tower.config, { rank: 8, alpha: 16, weights });
    const { target_modules } = JSON.parse(await readFile(join(folder, "adapter_config.json"), "utf8"));
    expect(target_modules).toHaveLength(5);
    expect(target_modules[0]).toBe("vision_model.encoder.layers.0.self_attn.v_proj");
    expect(await readAdapters(folder, tower.config)).toEqual({ rank: 8, alpha: 16, weights });
  });

  test("is refused by another tower than the one it says it was trained on", async () => {
    const folder = await temporaryFolder();
    await saveAdapters(folder, tower.config, adapters, TOWER);
    expect(await readAdapters(folder, tower.config, TOWER.revision)).toEqual(adapters);
    await expect(readAdapters(folder, tower.config, "cd34")).rejects.toThrow(
      "they were trained on a tower of revision ab12, and this one has cd34",
    );
    expect(await readAdapters(FOLDER, tower.config, "cd34")).toEqual(adapters);
  });

  test("of a whole CLIPModel is read without its text tower", async () => {
    const folder = await copyOf(FOLDER);
    const path = join(folder, "adapter_model.safetensors");
    const { weights } = readSafetensors(await readFile(path));
    const text = "base_model.model.text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight";
    await writeFile(path, writeSafetensors({ ...weights, [text]: { shape: [4, 8], values: new Float32Array(32) } }));
    expect(await readAdapters(folder, tower.config)).toEqual(adapters);
  });

  const asJson = (change: object) => async (path: string) =>
    writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), ...change }));

  test.each([
    ["no config", "adapter_config.json", (path: string) => rm(path), "is missing"],
    ["no weights", "adapter_model.safetensors", (path: string) => rm(path), "is missing"],
    ["another kind", "adapter_config.json", asJson({ peft_type: "LOHA" }), "peft_type: LOHA is not supported"],
    ["DoRA", "adapter_config.json", asJson({ use_dora: true }), "use_dora: is not supported"],
    ["rsLoRA", "adapter_config.json", asJson({ use_rslora: true }), "use_rslora: is not supported"],
    ["ranks of its own", "adapter_config.json", asJson({ rank_pattern: { q_proj: 2 } }), "rank_pattern"],
    ["trained modules", "adapter_config.json", asJson({ modules_to_save: ["head"] }), "modules_to_save"],
    ["biases", "adapter_config.json", asJson({ bias: "all" }), "bias"],
    ["another start", "adapter_config.json", asJson({ init_lora_weights: "pissa" }), "init_lora_weights"],
    ["a pattern of targets", "adapter_config.json", asJson({ target_modules: ".*q_proj" }), "target_modules"],
    ["an unknown target", "adapter_config.json", asJson({ target_modules: ["query"] }), "no linear layer query"],
    ["another rank", "adapter_config.json", asJson({ r: 8 }), "of shape [4, 16]; with adapter_config.json"],
    ["an endless rank", "adapter_config.json", asJson({ r: 1e9 }), "r: "],
    ["a target without tensors", "adapter_config.json", asJson({ target_modules: ["q_proj", "fc1"] }), "fc1"],
    ["tensors without a target", "adapter_config.json", asJson({ target_modules: ["q_proj"] }), "v_proj"],
    ["too many blocks", "adapter_config.json", asJson({ layers_to_transform: [1, 3] }), "block 3; the tower has 3"],
  ])("with %s is refused, with its name and why", async (_, file, change, why) => {
    const folder = await copyOf(FOLDER);
    await change(join(folder, file));
    const refusal = await readAdapters(folder, tower.config).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AdapterFolderUnusable);
    expect(String(refusal)).toContain(folder);
    expect(String(refusal)).toContain(why);
  });
});

async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(folder, copy, { recursive: true });
  return copy;
}
