import { createHash } from "node:crypto";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { openEngine } from "../../../lib/engine";
import { runStep, smallNet } from "../net";

const STEPS = 100;

/** Trains the small net; a hash of its variables. */
async function train(): Promise<string> {
  const engine = await openEngine({ backend: "tensorflow" });
  const net = smallNet(engine);
  for (let t = 1; t <= STEPS; t++) await runStep(net, t);
  const hash = createHash("sha256");
  for (const values of await engine.read(net.variables)) hash.update(values);
  engine.dispose();
  return hash.digest("hex");
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

/** Trains alone, then in the main thread and in two workers at a time; prints the hashes. */
async function main(): Promise<void> {
  if (!isMainThread) return parentPort?.postMessage(await train());
  const alone = await train();
  console.log(JSON.stringify({ alone, together: await Promise.all([train(), inWorker(), inWorker()]) }));
}

void main();
