// Trains a few steps of the guide's model, then ends as it is told: program.ts ENDING DELAY_MS
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { openEngine } from "../../lib/engine";
import { TrainingPipeline } from "../../lib/runs";
import { timeSteps } from "../../lib/training";
import { freshModel, worldOf } from "../training/world";
import type { Ending } from "./endings";

const STEPS = 3;

async function startTraining() {
  const engine = await openEngine({ backend: "tensorflow" });
  const training = new TrainingPipeline({ model: freshModel(), engine, data: worldOf({ videos: 200, pairs: 128 }) });
  await timeSteps(training, STEPS);
  return { engine, training };
}

async function inMainThread(ending: Ending, delayMs: number): Promise<void> {
  if (ending === "terminates a worker in a run") return terminateWorker(delayMs);
  const { engine, training } = await startTraining();
  if (ending === "reads") await training.state();
  if (ending === "disposes") training.dispose();
  if (ending === "disposes") engine.dispose();
  if (!ending.endsWith("in a run")) return;
  // What becomes of steps that are cut off does not matter, as long as the process ends as it should.
  timeSteps(training, Number.POSITIVE_INFINITY).catch(() => undefined);
  await sleep(delayMs);
  if (ending === "disposes in a run") engine.dispose();
  if (ending === "exits in a run") process.exit(7);
  if (ending === "throws in a run") setImmediate(() => fail());
}

function fail(): never {
  throw new Error("thrown on purpose while a step runs");
}

async function terminateWorker(delayMs: number): Promise<void> {
  const worker = new Worker(__filename);
  await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await sleep(delayMs);
  await worker.terminate();
}

async function inWorker(): Promise<void> {
  const { training } = await startTraining();
  parentPort?.postMessage("training");
  await timeSteps(training, Number.POSITIVE_INFINITY);
}

const [ending, delayMs] = process.argv.slice(2) as [Ending, string];
(isMainThread ? inMainThread(ending, Number(delayMs)) : inWorker()).catch((error: unknown) => {
  console.error(error);
  process.exit(70);
});
