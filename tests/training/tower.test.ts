import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { at, random } from "../../lib/base";
import { configure, TrainingOptions } from "../../lib/config";
import { type Engine, openEngine } from "../../lib/engine";
import { ThumbnailRankingModel, tokenCount, trainedNames, type VisionConfig, visionSpecs } from "../../lib/model";
import { readCheckpoint, TrainingPipeline, writeCheckpoint } from "../../lib/runs";
import { lastBlocks } from "../../lib/training";
import { makeBatch } from "../../lib/training/batches";
import { type Fed, lossesAndGradients } from "../../lib/training/step";
import { feed } from "../../lib/training/step-runner";
import { trainingVariables } from "../../lib/training/variables";
import { digestOf } from "./digest";
import { planted } from "./planted";

const CONFIG: VisionConfig = {
  imageSize: 16,
  patchSize: 4,
  width: 16,
  blocks: 3,
  heads: 2,
  inner: 32,
  projection: 12,
  activation: "quick_gelu",
  epsilon: 1e-5,
};
const GRID = { rows: 2, columns: 4 };
const TOKENS = tokenCount(GRID);
const FROM = 1;
/** Of finite differences: far enough for float32, near enough for a straight line. */
const DISTANCE = 0.003;
/** Image features of the planted world are hidden in one patch, which a tower has to learn to look at. */
const data = planted({ perChannel: 64 });
const states = hiddenStates();
const tower = trainedWeights();

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await openEngine();
  folder = await mkdtemp(join(tmpdir(), "tower-"));
});
afterAll(async () => {
  engine.dispose();
  await rm(folder, { recursive: true });
});

function hiddenStates(): Float32Array {
  const source = random(3, "states");
  const size = TOKENS * CONFIG.width;
  const states = Float32Array.from({ length: data.videos.length * size }, () => 0.1 * source.normal());
  for (let row = 0; row < data.videos.length; row++) {
    const patch = states.subarray(row * size + 5 * CONFIG.width, row * size + 6 * CONFIG.width).fill(2);
    for (let column = 0; column < data.imageDim; column++) patch[column] = 3 * at(data.features, row * 18 + column);
  }
  return states;
}

function trainedWeights() {
  const names = new Set(trainedNames(CONFIG, CONFIG.blocks - FROM));
  const entries = visionSpecs(CONFIG).filter(({ name }) => names.has(name));
  return Object.fromEntries(
    entries.map(({ name, shape }) => {
      const source = random(4, name);
      const isGain = /norm\d?\.weight$/.test(name);
      const values = new Float32Array(tf.util.sizeFromShape(shape));
      return [name, { shape, values: values.map(() => (isGain ? 1 : 0) + 0.2 * source.normal()) }];
    }),
  );
}

function open(microBatch?: number) {
  const read = async (rows: Int32Array) => {
    const size = TOKENS * CONFIG.width;
    const found = new Float32Array(rows.length * size);
    for (const [place, row] of rows.entries()) found.set(states.subarray(row * size, (row + 1) * size), place * size);
    return found;
  };
  return lastBlocks({ config: CONFIG, grid: GRID, from: FROM, read, microBatch });
}

function newModel() {
  const options = { clipDim: 12, textDim: 6, hiddenDim: 16, freezeClip: false, fineTuneBlocks: CONFIG.blocks - FROM };
  return new ThumbnailRankingModel(options, { seed: 8, tower });
}

/** A compiled step that computes one batch's summed loss and gradients of the present weights. */
async function openGradients(microBatch?: number) {
  const model = newModel();
  const options = configure(TrainingOptions, { batchSize: 8, dropoutScale: 0, seed: 1 });
  const opened = open(microBatch);
  const variables = trainingVariables(engine, model, data, opened);
  const batch = makeBatch(
    data.pairs.train,
    Int32Array.from({ length: 8 }, (_, i) => 5 * i),
    options,
    0,
  );
  const pictures = await opened.read(batch.rows);
  const setting = { engine, model, options, variables, tower: opened };
  const step = engine.jit(
    (rows, partners, pairWeights, lambda, dropoutSeed, pictures) => {
      const fed = { rows, partners, pairWeights, lambda, dropoutSeed, pictures } as unknown as Fed;
      const { losses, gradients } = lossesAndGradients(setting, fed);
      return [tf.sum(losses), ...gradients];
    },
    { shape: [16], dtype: "int32" },
    { shape: [16], dtype: "int32" },
    { shape: [8] },
    { shape: [] },
    { shape: [], dtype: "int32" },
    { shape: [16, TOKENS, CONFIG.width] },
  );
  const compute = async () => {
    const [loss, ...gradients] = (await step(...feed(batch), pictures)) as Float32Array[];
    return { loss: at(loss as Float32Array, 0), gradients };
  };
  return { compute, variables };
}

test("a step's gradients of the tower's weights are those of finite differences", async () => {
  const { compute, variables } = await openGradients();
  const { gradients } = await compute();
  for (const [name, { values }] of Object.entries(tower)) {
    const gradient = at(gradients, variables.trainable.indexOf(name));
    const norm = Math.hypot(...gradient);
    const lossAt = async (distance: number) => {
      const moved = values.map((value, i) => value + (distance * at(gradient, i)) / norm);
      engine.write(variables.parameters[name] as tf.Variable, moved);
      return (await compute()).loss;
    };
    const slope = ((await lossAt(DISTANCE)) - (await lossAt(-DISTANCE))) / (2 * DISTANCE);
    engine.write(variables.parameters[name] as tf.Variable, values);
    // A key's bias moves all scores of a query alike, which softmax takes out again.
    if (name.endsWith("k_proj.bias")) expect(norm, name).toBeLessThan(1e-6);
    else expect(Math.abs(slope - norm), name).toBeLessThan(0.03 * norm + 1e-4);
  }
});

test("micro-batches give the same gradients", async () => {
  const whole = await (await openGradients()).compute();
  const parts = await (await openGradients(3)).compute();
  expect(parts.loss).toBeCloseTo(whole.loss, 5);
  for (const [index, gradient] of whole.gradients.entries()) {
    const largest = Math.max(...gradient.map(Math.abs));
    for (const [i, value] of gradient.entries())
      expect(Math.abs(at(at(parts.gradients, index), i) - value)).toBeLessThan(1e-4 * largest + 1e-7);
  }
});

const CLIP = { clipLearningRate: 3e-3, clipWarmupSteps: 20, clipLayerDecay: 1 };
const SETTINGS = { seed: 8, learningRate: 3e-3, batchSize: 16, swaStart: 2, labelSmoothing: 0, ...CLIP };

async function inPipeline<Result>(model: ThumbnailRankingModel, work: (one: TrainingPipeline) => Promise<Result>) {
  const opened = model.towerNames.length > 0 ? { tower: open() } : {};
  const pipeline = new TrainingPipeline({ model, engine, data, ...opened, ...SETTINGS });
  try {
    return await work(pipeline);
  } finally {
    pipeline.dispose();
  }
}

async function trainTo(pipeline: TrainingPipeline, numEpochs: number) {
  for await (const _ of pipeline.train({ numEpochs }));
  const trained = pipeline.trained as ThumbnailRankingModel;
  return { ...digestOf(await pipeline.state()), weights: trained.weights, result: pipeline.result };
}

test("a training that is stopped in an epoch and goes on from its checkpoint ends with the same bits", async () => {
  const whole = await inPipeline(newModel(), (pipeline) => trainTo(pipeline, 3));
  const path = await inPipeline(newModel(), async (pipeline) => {
    let seen = 0;
    for await (const event of pipeline.events({ numEpochs: 3 })) if (event.kind === "step" && ++seen === 40) break;
    return writeCheckpoint(folder, await pipeline.state(), "kept");
  });
  const resumed = await inPipeline(newModel(), async (pipeline) => {
    pipeline.restore((await readCheckpoint(path)).state);
    return trainTo(pipeline, 3);
  });
  expect(resumed).toEqual(whole);
});

test("a trained tower finds what was hidden from the heads, and its weights come apart from theirs", async () => {
  const { weights, result } = await inPipeline(newModel(), (pipeline) => trainTo(pipeline, 12));
  const frozen = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 8 });
  const noImages = { ...data, features: data.features.map((value, i) => (i % 18 < 12 ? 0 : value)) };
  const pipeline = new TrainingPipeline({ model: frozen, engine, data: noImages, ...SETTINGS });
  const { result: blind } = await trainTo(pipeline, 12);
  pipeline.dispose();
  expect(result?.swa?.valAuc).toBeGreaterThan((blind?.swa?.valAuc ?? 1) + 0.1);
  const model = newModel().withWeights(weights);
  expect(Object.keys(model.tower)).toEqual(Object.keys(tower));
  expect(new Set(Object.keys(model.withoutTower().weights))).toEqual(new Set(Object.keys(frozen.weights)));
  expect(model.withoutTower().layout).toEqual(frozen.layout);
});
