// Our training, kept alive and told what to run: contender.ts BACKEND VIDEOS PAIRS
import { z } from "zod";
import { TrainingOptions } from "../../lib/config";
import { type Engine, openEngine } from "../../lib/engine";
import { type TrainingData, TrainingPipeline, timeSteps } from "../../lib/training";
import { serve } from "../side-by-side/serve";
import { freshModel, worldOf } from "./world";

const Request = z.object({ batch: z.number(), steps: z.number(), settings: TrainingOptions });

async function main(backend: string, videos: string, pairs: string): Promise<void> {
  const engine = await openEngine({ backend: backend === "wasm" ? "wasm" : "tensorflow" });
  const data = worldOf({ videos: Number(videos), pairs: Number(pairs) });
  const trainings = new Map<number, TrainingPipeline>();
  const versions = { [engine.name]: engine.version, device: engine.device, node: process.versions.node };
  await serve(versions, {
    check: async (request) => check(engine, data, request),
    steps: async (request) => {
      const { batch, steps, settings } = Request.parse(request);
      const training = trainings.get(batch) ?? pipelineOf(engine, data, settings);
      trainings.set(batch, training);
      return { milliseconds: await timeSteps(training, steps) };
    },
    epoch: async (request) => epoch(engine, data, request),
  });
  for (const training of trainings.values()) training.dispose();
  engine.dispose();
}

/** Losses and gradient norm of the first steps. */
async function check(engine: Engine, data: TrainingData, request: Record<string, unknown>): Promise<object> {
  const { steps, settings } = Request.parse(request);
  const training = pipelineOf(engine, data, settings);
  const values: number[][] = [];
  for await (const event of training.events({ numEpochs: Number.POSITIVE_INFINITY })) {
    if (event.kind === "step") values.push([event.pair, event.ctr, event.auxiliary, event.gradNorm]);
    if (values.length === steps) break;
  }
  training.dispose();
  return { values };
}

/** Seconds of one whole epoch, validation and SWA included, after one that compiled all of it. */
async function epoch(engine: Engine, data: TrainingData, request: Record<string, unknown>): Promise<object> {
  const { settings } = Request.parse(request);
  const training = pipelineOf(engine, data, settings);
  const records = training.train({ numEpochs: 2 });
  await records.next();
  const began = performance.now();
  const { value } = await records.next();
  const seconds = (performance.now() - began) / 1000;
  training.dispose();
  return {
    seconds,
    pairs: data.pairs.train.winners.length,
    valAuc: value !== null && "valAuc" in value ? value.valAuc : null,
  };
}

function pipelineOf(engine: Engine, data: TrainingData, settings: TrainingOptions): TrainingPipeline {
  return new TrainingPipeline({ ...settings, model: freshModel(), engine, data });
}

main(...(process.argv.slice(2) as [string, string, string])).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
