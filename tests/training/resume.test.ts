import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { readCheckpoint, TrainingPipeline, writeCheckpoint } from "../../lib/runs";
import { hasTensorFlow } from "../engine/available";
import { digestOf, ofWeights } from "./digest";
import { planted } from "./planted";

const EPOCHS = 4;
const SWA_START = 2;
const folder = await mkdtemp(join(tmpdir(), "resume-"));
afterAll(() => rm(folder, { recursive: true }));

/** 116 pairs: with batches of 32 the last one has 20, with batches of 29 there is none smaller. */
const data = planted();
const BATCHES = { "a smaller last batch": 32, "equal batches": 29 };

type Settings = Pick<ConstructorParameters<typeof TrainingPipeline>[0], "batchSize" | "mixupAlpha" | "useSwa">;

/** Does something with a pipeline on an engine of its own, from a checkpoint on the disk or from the start. */
async function inPipeline<Result>(
  settings: Settings,
  from: string | null,
  work: (pipeline: TrainingPipeline) => Promise<Result>,
): Promise<Result> {
  const engine = await openEngine({ backend: hasTensorFlow ? "tensorflow" : "cpu" });
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 8 });
  const options = { seed: 8, learningRate: 1e-2, swaStart: SWA_START, ...settings };
  const pipeline = new TrainingPipeline({ model, engine, data, ...options });
  try {
    if (from !== null) pipeline.restore((await readCheckpoint(from)).state);
    return await work(pipeline);
  } finally {
    pipeline.dispose();
    engine.dispose();
  }
}

/** Trains to the end and says what there is then. */
function ended(settings: Settings, from: string | null): Promise<object> {
  return inPipeline(settings, from, async (pipeline) => {
    for await (const _ of pipeline.train({ numEpochs: EPOCHS }));
    const trained = ofWeights(pipeline.trained?.weights ?? {});
    return { ...digestOf(await pipeline.state()), trained, result: pipeline.result };
  });
}

/** A place to stop at: after so many records of this kind, counted from where the training then stands. */
type Stop = { records: number; kind: "step" | "epoch" };

/** Trains on to a stop, and leaves a checkpoint there. */
function stoppedAt(settings: Settings, from: string | null, { records, kind }: Stop): Promise<string> {
  return inPipeline(settings, from, async (pipeline) => {
    let seen = 0;
    for await (const event of pipeline.events({ numEpochs: EPOCHS }))
      if (event.kind === kind && ++seen === records) break;
    return writeCheckpoint(folder, await pipeline.state(), "kept");
  });
}

const steps = (records: number): Stop => ({ records, kind: "step" });
const epochs = (records: number): Stop => ({ records, kind: "epoch" });

/** Four steps an epoch; the averages of epochs 2 and 3. */
const STOPS: [string, Stop[]][] = [
  ["after the first step", [steps(1)]],
  ["in mid-epoch", [steps(6)]],
  ["after an epoch's last step, before its record", [steps(8)]],
  ["after an epoch's record", [epochs(1)]],
  ["twice in one epoch", [steps(5), steps(2)]],
  ["before SWA and during it", [epochs(2), steps(6)]],
  ["during SWA, after its first average", [epochs(3)]],
  ["after the very last step, before the last average", [steps(16)]],
  ["after the last epoch", [epochs(4)]],
];

const SETTINGS: [string, Settings][] = [
  ["with mixup, a smaller last batch and SWA", { batchSize: BATCHES["a smaller last batch"] }],
  ["without mixup, with equal batches and SWA", { batchSize: BATCHES["equal batches"], mixupAlpha: 0 }],
  ["with mixup, a smaller last batch, without SWA", { batchSize: BATCHES["a smaller last batch"], useSwa: false }],
];

describe.each(SETTINGS)("%s", (_, settings) => {
  let whole = {};
  beforeAll(async () => {
    whole = await ended(settings, null);
  });

  test.each(STOPS)("stopped %s, it ends with the bytes of the run that never stopped", async (_, stops) => {
    let path: string | null = null;
    for (const stop of stops) path = await stoppedAt(settings, path, stop);
    expect(await ended(settings, path)).toEqual(whole);
  });
});

test("the settings end with different bytes, so that each tests something of its own", async () => {
  const ends = [];
  for (const [, settings] of SETTINGS) ends.push(JSON.stringify(await ended(settings, null)));
  expect(new Set(ends).size).toBe(SETTINGS.length);
});
