/**
 * Trains a small world on the guide's widths and prints SHA-256 of all that the training holds at its end:
 * digest-training.ts BACKEND PLACE SEED, PLACE being `quiet`, `busy` (a sibling thread computes all the while), `worker`, or
 * `parallel` (more operations at a time than usual).
 */
import { writeSync } from "node:fs";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { openEngine } from "../../../lib/engine";
import { ThumbnailRankingModel } from "../../../lib/model";
import { TrainingPipeline } from "../../../lib/runs";
import { digestOf, ofWeights } from "../digest";
import { planted } from "../planted";

const BUSY = "for (let at = 0; ; at++) Math.sqrt(at);";

type Backend = "tensorflow" | "wasm" | "cpu";

async function train(backend: Backend, seed: number, interOpThreads?: number): Promise<string> {
  const engine = await openEngine({ backend, ...(interOpThreads && { interOpThreads }) });
  const wide = backend === "tensorflow";
  const sizes = wide ? { clipDim: 768, textDim: 384, hiddenDim: 512 } : { clipDim: 24, textDim: 12, hiddenDim: 32 };
  const model = new ThumbnailRankingModel(sizes, { seed });
  const data = planted({ imageDim: sizes.clipDim, textDim: sizes.textDim });
  const pipeline = new TrainingPipeline({ model, engine, data, seed, learningRate: 1e-3, swaStart: 1 });
  for await (const _ of pipeline.train({ numEpochs: 3 }));
  const trained = ofWeights(pipeline.trained?.weights ?? {});
  const digest = JSON.stringify({ ...digestOf(await pipeline.state()), trained });
  pipeline.dispose();
  engine.dispose();
  return digest;
}

async function main(backend: Backend, place: string, seed: number): Promise<void> {
  const sibling = place === "busy" ? new Worker(BUSY, { eval: true }) : null;
  const digest =
    place === "worker"
      ? await inWorker([backend, seed])
      : await train(backend, seed, place === "parallel" ? 7 : undefined);
  writeSync(1, `${digest}\n`);
  await sibling?.terminate();
}

function inWorker(workerData: [Backend, number]): Promise<string> {
  const worker = new Worker(__filename, { workerData });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

const [backend, place, seed] = process.argv.slice(2) as [Backend, string, string];
const work = workerData
  ? train(...(workerData as [Backend, number])).then((digest) => parentPort?.postMessage(digest))
  : main(backend, place, Number(seed));
work.catch((error: unknown) => {
  writeSync(2, String(error));
  process.exit(1);
});
