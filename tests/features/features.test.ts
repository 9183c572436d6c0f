import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { type Engine, fromFloat16, openEngine, toFloat16 } from "../../lib/engine";
import type { TrainingData } from "../../lib/features";
import { ThumbnailRankingModel, writeSafetensors } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import { parseProgress, showProgress } from "../../lib/runs/checkpoint/progress";
import { hasTensorFlow } from "../engine/available";
import { BACKENDS, engineOf, named } from "../training/engines";
import { planted } from "../training/planted";

const data = planted({ perChannel: 4 });
const halves = new Uint16Array(data.features.length);
toFloat16(data.features as Float32Array, halves);
const rounded = new Float32Array(halves.length);
fromFloat16(halves, rounded);

function pipelineOf(engine: Engine, given: TrainingData, featureStorage: "float32" | "float16"): TrainingPipeline {
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 0 });
  return new TrainingPipeline({ model, engine, data: given, featureStorage, swaStart: 0, learningRate: 1e-2 });
}

async function trained(pipeline: TrainingPipeline) {
  const records = [];
  for await (const { msPerStep: _ms, pairsPerSecond: _pairs, ...record } of pipeline.train({ numEpochs: 1 }))
    records.push(record);
  return { records, weights: Buffer.from(writeSafetensors(pipeline.trained?.weights ?? {})) };
}

for (const backend of BACKENDS) {
  const engine = await engineOf(backend);
  afterAll(() => engine?.dispose());

  test.skipIf(engine === null)(
    `float16 features train as rounded float32 ones do, bit for bit, on ${named(backend)}`,
    async () => {
      const stored = await trained(pipelineOf(engine as Engine, { ...data, features: halves }, "float16"));
      const plain = await trained(pipelineOf(engine as Engine, { ...data, features: rounded }, "float32"));
      const unrounded = await trained(pipelineOf(engine as Engine, data, "float32"));
      expect(stored.records).toEqual(plain.records);
      expect(stored.weights.equals(plain.weights)).toBe(true);
      expect(stored.weights.equals(unrounded.weights)).toBe(false);
    },
  );
}

test("a state from before features could be float16 is one of float32", async () => {
  const engine = await openEngine({ backend: "cpu" });
  const { progress, tensors } = await pipelineOf(engine, data, "float32").state();
  const old = JSON.parse(showProgress(progress));
  delete old.config.training.featureStorage;
  const state = { tensors, progress: parseProgress(JSON.stringify(old)) };
  pipelineOf(engine, data, "float32").restore(state);
  const other = pipelineOf(engine, { ...data, features: halves }, "float16");
  expect(() => other.restore(state)).toThrow(/featureStorage was "float32", now "float16"/);
  engine.dispose();
});

test.skipIf(!hasTensorFlow)(
  "with the data collected while it trains, a training ends with the same bytes (needs TensorFlow's library)",
  async () => {
    const program = join(__dirname, "programs", "lent.ts");
    const run = async (...values: string[]) =>
      (await promisify(execFile)(process.execPath, ["--import", "tsx", program, ...values])).stdout;
    const [kept, collected] = await Promise.all([run("kept"), run("collected")]);
    expect(collected).toMatch(/^[0-9a-f]{64}$/);
    expect(collected).toBe(kept);
  },
  60_000,
);
