// Our training, kept alive and told what to run: contender.ts NAME VIDEOS PAIRS DEVICE
import { z } from "zod";
import { TrainingOptions } from "../../lib/config";
import { type Device, type Engine, openEngine } from "../../lib/engine";
import type { TrainingData } from "../../lib/features";
import { TrainingPipeline } from "../../lib/runs";
import { type EpochRecord, timeSteps } from "../../lib/training";
import { serve } from "../side-by-side/serve";
import { ENGINES } from "./engines";
import { freshModel, worldOf } from "./world";

const Request = z.object({ batch: z.number(), steps: z.number().default(0), settings: TrainingOptions });

async function main(name: string, videos: string, pairs: string, device: Device): Promise<void> {
  const engine = await openEngine({ ...ENGINES[name], device });
  const data = worldOf({ videos: Number(videos), pairs: Number(pairs) });
  const trainings = new Map<number, TrainingPipeline>();
  const epochs = new Map<number, AsyncGenerator<EpochRecord>>();
  const trainingOf = ({ batch, settings }: z.infer<typeof Request>) => {
    const training = trainings.get(batch) ?? pipelineOf(engine, data, settings);
    trainings.set(batch, training);
    return training;
  };
  const versions = { [engine.name]: engine.version, device: engine.device, node: process.versions.node };
  await serve(versions, {
    check: async (request) => check(engine, data, request),
    steps: async (request) => {
      const asked = Request.parse(request);
      return { milliseconds: await timeSteps(trainingOf(asked), asked.steps) };
    },
    epoch: async (request) => {
      const asked = Request.parse(request);
      const records = epochs.get(asked.batch) ?? trainingOf(asked).train({ numEpochs: Number.POSITIVE_INFINITY });
      epochs.set(asked.batch, records);
      return epoch(records);
    },
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

/** Seconds of one more whole epoch, validation and SWA included; the first one compiles all of it. */
async function epoch(records: AsyncGenerator<EpochRecord>): Promise<object> {
  const began = performance.now();
  const { value } = await records.next();
  const { pairs, pair, valAuc } = value as EpochRecord;
  return { seconds: (performance.now() - began) / 1000, pairs, pairLoss: pair, valAuc };
}

function pipelineOf(engine: Engine, data: TrainingData, settings: TrainingOptions): TrainingPipeline {
  return new TrainingPipeline({ ...settings, model: freshModel(), engine, data });
}

main(...(process.argv.slice(2) as [string, string, string, Device])).catch((error: unknown) => {
  console.error(error);
  // An engine in use would keep the process alive, and whoever asked would wait.
  process.exit(1);
});
