// A compiled step and an eager operation in one process; prints what they gave and which backend the eager one had.
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs";
import { openEngine } from "../../../lib/engine";

async function both(): Promise<unknown[]> {
  const engine = await openEngine({ backend: "tensorflow" });
  const step = engine.jit((x) => [tf.sum(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D))], { shape: [20, 20] });
  const [compiled] = await step(new Float32Array(400).fill(1));
  const eager = tf.tidy(() =>
    tf
      .matMul(tf.ones([20, 20]), tf.ones([20, 20]))
      .sum()
      .dataSync(),
  );
  return [tf.getBackend(), compiled?.[0], eager[0]];
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

async function main(where: string): Promise<void> {
  if (!isMainThread) return parentPort?.postMessage(await both());
  const found = where === "worker" ? [await inWorker(), await both(), await inWorker()] : [await both()];
  console.log(JSON.stringify(found));
  if (where === "exit") process.exit(0);
}

void main(process.argv[2] ?? "");
