import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, expect, test } from "vitest";
import { type Engine, openEngine } from "../../lib/engine";
import type { TrainingData } from "../../lib/features";
import { ThumbnailRankingModel, type Weights, writeSafetensors } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import { type EpochRecord, openPredictor } from "../../lib/training";
import { average, type WeightAverage } from "../../lib/training/finish";
import { BACKENDS, engineOf, named } from "./engines";
import { planted } from "./planted";

type Settings = Partial<ConstructorParameters<typeof TrainingPipeline>[0]>;

const SMALL = { clipDim: 12, textDim: 6, hiddenDim: 16 };
/** 116 pairs: seven batches of 16 and one of 4. */
const data = planted();
const cpu = await openEngine({ backend: "cpu" });
afterAll(() => cpu.dispose());

function pipelineOf(settings: Settings = {}, engine: Engine = cpu): TrainingPipeline {
  const model = new ThumbnailRankingModel(SMALL, { seed: settings.seed ?? 0 });
  return new TrainingPipeline({ model, engine, data, learningRate: 1e-2, swaStart: 2, ...settings });
}

async function run(pipeline: TrainingPipeline, numEpochs: number): Promise<EpochRecord[]> {
  const records: EpochRecord[] = [];
  for await (const record of pipeline.train({ numEpochs })) records.push(record);
  return records;
}

/** Trains on from where the pipeline stands and stops after so many steps. */
async function stepsOf(pipeline: TrainingPipeline, steps: number, numEpochs = 9): Promise<void> {
  let done = 0;
  for await (const record of pipeline.events({ numEpochs })) if (record.kind === "step" && ++done === steps) break;
}

const bytesOf = (weights: Weights | undefined) => Buffer.from(writeSafetensors(weights ?? {}));
const untimed = (history: readonly EpochRecord[]) =>
  history.map(({ msPerStep: _ms, pairsPerSecond: _pairs, ...record }) => record);

test("it learns a planted preference and ranks channels it never saw", async () => {
  const records = await run(pipelineOf(), 12);
  expect(records[0]?.epoch).toBe(0);
  expect(records.at(-1)?.epoch).toBe(11);
  expect(records.at(-1)?.pair).toBeLessThan((records[0]?.pair as number) / 2);
  expect(records.at(-1)?.valAuc).toBeGreaterThan(0.8);
  expect(records.at(-1)?.valCorr).toBeGreaterThan(0.8);
  expect(records.at(-1)?.trainAuc).toBeGreaterThan(0.85);
});

for (const backend of BACKENDS) {
  const engine = backend === "cpu" ? cpu : await engineOf(backend);
  afterAll(() => engine?.dispose());

  test.skipIf(engine === null)(`two runs of one seed end with the same bytes on ${named(backend)}`, async () => {
    const first = pipelineOf({ seed: 5 }, engine as Engine);
    const second = pipelineOf({ seed: 5 }, engine as Engine);
    expect(untimed(await run(first, 3))).toEqual(untimed(await run(second, 3)));
    expect(bytesOf(first.trained?.weights).equals(bytesOf(second.trained?.weights))).toBe(true);
  });

  test.skipIf(engine === null)(
    `stopped in mid-epoch, at an epoch's last step and during SWA, it ends with the bytes of the run that never stopped, on ${named(backend)}`,
    async () => {
      const whole = pipelineOf({ seed: 6 }, engine as Engine);
      await run(whole, 5);
      let state = await pipelineOf({ seed: 6 }, engine as Engine).state();
      for (const steps of [3, 13, 11]) {
        const part = pipelineOf({ seed: 6, lossesEvery: 1 }, engine as Engine);
        part.restore(structuredClone(state));
        await stepsOf(part, steps);
        state = await part.state();
        part.dispose();
      }
      expect(state.progress).toMatchObject({ epoch: 3, step: 3, globalStep: 27, swaCount: 1 });
      const last = pipelineOf({ seed: 6 }, engine as Engine);
      last.restore(state);
      await run(last, 5);
      expect(bytesOf(last.trained?.weights).equals(bytesOf(whole.trained?.weights))).toBe(true);
      expect(untimed(last.history)).toEqual(untimed(whole.history));
      expect(last.result).toEqual(whole.result);
    },
  );
}

test("taken back to before SWA began, it averages anew and ends with the same bytes", async () => {
  const pipeline = pipelineOf();
  const start = await pipeline.state();
  await run(pipeline, 4);
  const first = bytesOf(pipeline.trained?.weights);
  pipeline.restore(start);
  await run(pipeline, 4);
  expect(bytesOf(pipeline.trained?.weights).equals(first)).toBe(true);
});

test("another seed ends with other weights", async () => {
  const first = pipelineOf({ seed: 1 });
  const second = pipelineOf({ seed: 2 });
  await run(first, 1);
  await run(second, 1);
  expect(bytesOf(first.trained?.weights).equals(bytesOf(second.trained?.weights))).toBe(false);
});

test("a checkpoint on disk goes on as the run would have, by the guide's names", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
  try {
    const whole = pipelineOf();
    for await (const { epoch } of whole.train({ numEpochs: 4 }))
      if (epoch === 1) await whole.saveCheckpoint(join(folder, "model_epoch_2.pt"), 2);
    const resumed = pipelineOf();
    await resumed.loadCheckpoint(join(folder, "model_epoch_2.pt"));
    for await (const { epoch } of resumed.train({ startEpoch: 2, numEpochs: 4 }))
      expect(epoch).toBeGreaterThanOrEqual(2);
    expect(bytesOf(resumed.trained?.weights).equals(bytesOf(whole.trained?.weights))).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("every pair is trained on once an epoch, the rest of the division included", async () => {
  const steps = [];
  const pipeline = pipelineOf();
  for await (const record of pipeline.events({ numEpochs: 1 })) steps.push(record);
  const [epoch] = pipeline.history;
  expect(steps.filter(({ kind }) => kind === "step")).toHaveLength(8);
  expect(epoch).toMatchObject({ pairs: 116, steps: 8 });
});

test("an epoch's losses are the means over its pairs, also across a resume", async () => {
  const sizes = [16, 16, 16, 16, 16, 16, 16, 4];
  const pairLosses: number[] = [];
  const first = pipelineOf({ lossesEvery: 1 });
  for await (const record of first.events({ numEpochs: 1 })) {
    if (record.kind === "step") pairLosses.push(record.pair);
    if (pairLosses.length === 4) break;
  }
  const second = pipelineOf();
  second.restore(await first.state());
  for await (const record of second.events({ numEpochs: 1 })) if (record.kind === "step") pairLosses.push(record.pair);
  const naive = pairLosses.reduce((sum, loss, step) => sum + loss * (sizes[step] as number), 0) / 116;
  expect(second.history[0]?.pair).toBeCloseTo(naive, 12);
});

test("the total of a step and of an epoch is the sum of the losses by their weights, also across a resume", async () => {
  const settings = { pairLossWeight: 2, ctrLossWeight: 0, auxiliaryLossWeight: 0.25 };
  const pipeline = pipelineOf(settings);
  const totals: (readonly [number, number])[] = [];
  for await (const { total, pair, auxiliary } of pipeline.events({ numEpochs: 1 }))
    totals.push([total, 2 * pair + 0.25 * auxiliary]);
  const resumed = pipelineOf(settings);
  resumed.restore(await pipeline.state());
  for await (const { total, pair, auxiliary } of resumed.events({ numEpochs: 2 }))
    totals.push([total, 2 * pair + 0.25 * auxiliary]);
  expect(totals.length).toBe(2 * (pipeline.stepsPerEpoch + 1));
  for (const [total, sum] of totals) expect(total).toBeCloseTo(sum, 10);
  const state = await pipeline.state();
  expect(() => pipelineOf().restore(state)).toThrow("training.pairLossWeight was 2, now 1");
});

test("SWA's model is the mean of the weights after each epoch from swaStart on, with BatchNorm recomputed", async () => {
  const pipeline = pipelineOf({ swaStart: 1 });
  let naive: WeightAverage = { count: 0, weights: {} };
  let last: Weights = {};
  for await (const { epoch } of pipeline.train({ numEpochs: 4 })) {
    last = (await pipeline.state()).tensors.weights;
    if (epoch >= 1) naive = average(naive, last);
  }
  const trained = pipeline.trained?.weights as Weights;
  expect(pipeline.history.map(({ swaCount }) => swaCount)).toEqual([0, 1, 2, 3]);
  expect([...(trained["projection.weight"]?.values ?? [])]).toEqual([
    ...(naive.weights["projection.weight"]?.values ?? []),
  ]);
  expect(trained["ctr.2.running_mean"]).not.toEqual(naive.weights["ctr.2.running_mean"]);
  expect((await pipeline.state()).tensors.weights).toEqual(last);
  expect(pipeline.result?.swa?.valAuc).toBeGreaterThan(0.6);
});

test("the metrics of the result are those of the trained model", async () => {
  const pipeline = pipelineOf();
  await run(pipeline, 4);
  const predictor = openPredictor(cpu, pipeline.trained as ThumbnailRankingModel, 7);
  const { scores } = await predictor.predict(data.features);
  const { winners, losers } = data.pairs.validation;
  const won = winners.filter((winner, pair) => (scores[winner] as number) > (scores[losers[pair] as number] as number));
  expect(pipeline.result?.swa?.valAuc).toBe(won.length / winners.length);
  predictor.dispose();
});

test("without SWA the last weights are the trained model", async () => {
  const pipeline = pipelineOf({ useSwa: false });
  await run(pipeline, 3);
  expect(pipeline.result?.swa).toBeNull();
  expect(pipeline.trained?.weights).toEqual((await pipeline.state()).tensors.weights);
});

test("a signal stops it at a step boundary, and it goes on from there", async () => {
  const stopping = new AbortController();
  const pipeline = pipelineOf({ lossesEvery: 1 });
  const events = pipeline.events({ numEpochs: 2, signal: stopping.signal });
  for (let step = 0; step < 5; step++) await events.next();
  stopping.abort();
  expect(await events.next()).toEqual({ done: true, value: null });
  expect(pipeline.position).toEqual({ epoch: 0, step: 5, globalStep: 5 });
  expect(pipeline.trained).toBeNull();
  await run(pipeline, 2);
  const whole = pipelineOf();
  await run(whole, 2);
  expect(bytesOf(pipeline.trained?.weights).equals(bytesOf(whole.trained?.weights))).toBe(true);
});

test("a loss that is no number fails at its step, with the values and advice", async () => {
  const features = data.features.slice();
  const [first] = data.pairs.train.winners;
  features[(first as number) * 18] = Number.NaN;
  const pipeline = pipelineOf({ data: { ...data, features }, batchSize: 200 });
  const failure = run(pipeline, 1);
  await expect(failure).rejects.toMatchObject({ code: "TRAINING_DIVERGED", epoch: 0, step: 0 });
  await expect(failure).rejects.toThrow(/pair loss NaN.*lower the learning rate/);
});

test("a state of other options or data is refused with the difference", async () => {
  const state = await pipelineOf().state();
  expect(() => pipelineOf({ labelSmoothing: 0.2 }).restore(state)).toThrow(/labelSmoothing was 0.15, now 0.2/);
  const other: TrainingData = { ...data, dataHash: "other" };
  expect(() => pipelineOf({ data: other }).restore(state)).toThrow(/dataHash/);
});

test("a start where the training does not stand is refused", async () => {
  const events = pipelineOf().events({ startEpoch: 100, numEpochs: 200 });
  await expect(events.next()).rejects.toMatchObject({ code: "TRAINING_START_MISMATCH" });
  await expect(pipelineOf().saveCheckpoint("nowhere", 100)).rejects.toMatchObject({
    code: "TRAINING_CHECKPOINT_EPOCH",
  });
});

test("the state cannot be taken while a step is under way", async () => {
  const pipeline = pipelineOf({ lossesEvery: 1 });
  const events = pipeline.events({ numEpochs: 1 });
  const running = events.next();
  await expect(pipeline.state()).rejects.toMatchObject({ code: "TRAINING_STEP_UNDER_WAY" });
  await running;
  expect((await pipeline.state()).progress.globalStep).toBe(1);
});

test("data that cannot be trained on is refused at once", () => {
  expect(() => pipelineOf({ batchSize: 1 })).toThrow(/make no batch of 2 pairs/);
  const wide = new ThumbnailRankingModel({ ...SMALL, clipDim: 24 });
  expect(() => pipelineOf({ model: wide })).toThrow(/12 \+ 6 wide, the model takes 24 \+ 6/);
  expect(() => pipelineOf({ featureStorage: "float16" })).toThrow(/stored as float32, the settings say.* float16/);
});

test("a training leaves no tensors behind once disposed", async () => {
  const before = tf.memory().numTensors;
  const pipeline = pipelineOf();
  await run(pipeline, 3);
  pipeline.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
