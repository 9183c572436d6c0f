import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { type Engine, openEngine } from "../../lib/engine";
import { ThumbnailRankingModel, type Weights, writeSafetensors } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import type { PipelineOptions, TrainingEvent, TrainOptions } from "../../lib/training";
import { BACKENDS, engineOf, named } from "./engines";
import { planted } from "./planted";

const SMALL = { clipDim: 12, textDim: 6, hiddenDim: 16 };
/** 116 pairs: 14 batches of 8 and one of 4. */
const data = planted();
const bytesOf = (weights: Weights | undefined) => Buffer.from(writeSafetensors(weights ?? {}));

for (const backend of BACKENDS) {
  const engine = await engineOf(backend);
  afterAll(() => engine?.dispose());
  const on = named(backend);

  const pipelineOf = (settings: Partial<PipelineOptions> = {}): TrainingPipeline => {
    if (engine === null) throw new Error(`there is no ${backend} engine`);
    const model = new ThumbnailRankingModel(SMALL, { seed: 3 });
    return new TrainingPipeline({ model, engine, data, batchSize: 8, learningRate: 1e-2, swaStart: 1, ...settings });
  };

  test.skipIf(engine === null)(
    `records and weights are the same however many steps run in a row, on ${on}`,
    async () => {
      const runs: Awaited<ReturnType<typeof whole>>[] = [];
      for (const lossesEvery of [1, 7, 50]) runs.push(await whole(pipelineOf({ lossesEvery, singlesFirst: 3 })));
      const [one, ...others] = runs;
      expect(one?.events.filter(({ kind }) => kind === "step").map(numberOf)).toEqual([...Array(45).keys()]);
      for (const other of others) {
        expect(other.events).toEqual(one?.events);
        expect(other.weights.equals(one?.weights as Buffer)).toBe(true);
      }
    },
  );

  test.skipIf(engine === null)(`stopped at any record it goes on to the same bytes, on ${on}`, async () => {
    const expected = await whole(pipelineOf({ lossesEvery: 1 }));
    const told: TrainingEvent[] = [];
    let pipeline = pipelineOf({ lossesEvery: 50, singlesFirst: 0 });
    for (const stop of [4, 17]) {
      told.push(...(await some(pipeline, stop)));
      const untold = pipeline.position.globalStep - steps(told);
      expect(untold).toBeGreaterThanOrEqual(0);
      if (untold > 0) told.push(...(await some(pipeline, untold)));
      const state = await pipeline.state();
      expect(state.progress.globalStep).toBe(steps(told));
      expect(state.progress.sums.steps).toBe(state.progress.step);
      pipeline.dispose();
      pipeline = pipelineOf({ lossesEvery: stop, singlesFirst: 0 });
      pipeline.restore(state);
    }
    const rest = await whole(pipeline);
    expect([...told.map(untimed), ...rest.events]).toEqual(expected.events);
    expect(rest.weights.equals(expected.weights)).toBe(true);
  });
}

const compiling = await engineOf("tensorflow");
const cpu = await engineOf("cpu");
afterAll(() => {
  compiling?.dispose();
  cpu?.dispose();
});

/** Several steps are one call from the start, where TensorFlow's library is. */
function quick(settings: Partial<PipelineOptions> = {}): TrainingPipeline {
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 3 });
  const engine = (compiling ?? cpu) as Engine;
  return new TrainingPipeline({ model, engine, data, batchSize: 8, learningRate: 1e-3, singlesFirst: 0, ...settings });
}

/** Steps of each call of the engine in three epochs: how far the training was when the first of its records came. */
async function callsOf(pipeline: TrainingPipeline): Promise<number[]> {
  const calls: number[] = [];
  let told = 0;
  for await (const event of pipeline.events({ numEpochs: 3 })) {
    if (event.kind !== "step" || event.globalStep <= told) continue;
    calls.push(pipeline.position.globalStep - told);
    told = pipeline.position.globalStep;
  }
  pipeline.dispose();
  return calls;
}

test.skipIf(compiling === null)(
  "so many steps are a call, once the first ones ran one by one, and a rest is run one by one (needs TensorFlow's library)",
  async () => {
    for (const [lossesEvery, most] of [
      [1, 1],
      [4, 4],
      [50, 8],
    ] as const) {
      const calls = await callsOf(quick({ lossesEvery, singlesFirst: 5 }));
      expect(calls.reduce((sum, steps) => sum + steps)).toBe(45);
      expect(calls.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
      expect(new Set(calls)).toEqual(new Set([1, most]));
    }
  },
);

test("where nothing is compiled, or each step is looked at first, steps run one by one", async () => {
  const checking = await openEngine({ backend: compiling ? "tensorflow" : "cpu", checkNumerics: true });
  for (const engine of [cpu as Engine, checking]) expect(await callsOf(quick({ engine }))).toEqual(Array(45).fill(1));
  checking.dispose();
});

test("a pause is kept at each multiple: nothing has run beyond it when its record comes", async () => {
  const pipeline = quick({ lossesEvery: 50 });
  for await (const event of pipeline.events({ numEpochs: 2, pauseEvery: 4 }))
    if (event.kind === "step" && event.globalStep % 4 === 0)
      expect(pipeline.position.globalStep).toBe(event.globalStep);
  expect(pipeline.position.globalStep).toBe(30);
});

test("a step that diverges is named after the records before it, and no state is taken of what it left", async () => {
  const weights = new Float32Array(data.pairs.train.weights.length).fill(1);
  const order = (await import("../../lib/training/batches")).epochOrder(weights.length, 0, 0);
  weights[order[9 * 8 + 2] as number] = Number.NaN;
  const pairs = { ...data.pairs, train: { ...data.pairs.train, weights } };
  const pipeline = quick({ data: { ...data, pairs }, lossesEvery: 50 });
  const start = await pipeline.state();
  const told: number[] = [];
  const running = async () => {
    for await (const event of pipeline.events({ numEpochs: 1 })) told.push(numberOf(event));
  };
  await expect(running()).rejects.toMatchObject({ code: "TRAINING_DIVERGED", epoch: 0, step: 9 });
  expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  await expect(pipeline.state()).rejects.toMatchObject({ code: "TRAINING_DIVERGED", step: 9 });
  pipeline.restore(start);
  expect((await pipeline.state()).progress.globalStep).toBe(0);
});

test("timers fire while it trains, and a signal from one stops it with all records told", async () => {
  const pipeline = quick({ lossesEvery: 1000 });
  const stopping = new AbortController();
  let fired = 0;
  const timer = setInterval(() => ++fired === 5 && stopping.abort(), 1);
  let last = 0;
  for await (const event of pipeline.events({ numEpochs: Number.POSITIVE_INFINITY, signal: stopping.signal }))
    if (event.kind === "step") last = event.globalStep;
  clearInterval(timer);
  expect(last).toBe(pipeline.position.globalStep);
});

test("two trainings on one engine, and other runs beside them, do not disturb each other", async () => {
  const alone = await whole(quick());
  const [first, second] = await Promise.all([whole(quick()), whole(quick({ lossesEvery: 50 })), sleep(1)]);
  expect(first.events).toEqual(alone.events);
  expect(second.events).toEqual(alone.events);
});

test("a count that is no positive whole number is refused", () => {
  expect(() => quick({ lossesEvery: 0 })).toThrow(/lossesEvery/);
});

/** Trains to the end of the third epoch. */
async function whole(pipeline: TrainingPipeline): Promise<{ events: TrainingEvent[]; weights: Buffer }> {
  const events = await taken(pipeline, { numEpochs: 3 });
  return { events: events.map(untimed), weights: bytesOf(pipeline.trained?.weights) };
}

/** Events up to the record of so many steps from here. */
async function some(pipeline: TrainingPipeline, count: number): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of pipeline.events({ numEpochs: 3 })) {
    events.push(event);
    if (steps(events) === count) break;
  }
  return events;
}

async function taken(pipeline: TrainingPipeline, options: TrainOptions): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of pipeline.events(options)) events.push(event);
  return events;
}

function steps(events: TrainingEvent[]): number {
  return events.filter(({ kind }) => kind === "step").length;
}

function numberOf(event: TrainingEvent): number {
  return event.kind === "step" ? event.globalStep - 1 : Number.NaN;
}

function untimed(event: TrainingEvent): TrainingEvent {
  return event.kind === "step" ? event : { ...event, msPerStep: 0, pairsPerSecond: 0 };
}
