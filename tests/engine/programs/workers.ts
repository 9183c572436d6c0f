import { isMainThread, parentPort, Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs";
import { openEngine } from "../../../lib/engine";

async function square(): Promise<number | undefined> {
  const engine = await openEngine({ backend: "tensorflow" });
  const step = engine.jit((x) => [tf.square(x as tf.Tensor)], { shape: [] });
  const [values] = await step(Float32Array.of(7));
  engine.dispose();
  return values?.[0];
}

function inWorker(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(__filename);
    let answer: unknown;
    worker.once("message", (message) => {
      answer = message;
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve(answer));
  });
}

/** The main thread and two workers each open an engine; prints what each got. */
async function main(): Promise<void> {
  if (isMainThread) console.log(JSON.stringify(await Promise.all([square(), inWorker(), inWorker()])));
  else parentPort?.postMessage(await square());
}

void main();
