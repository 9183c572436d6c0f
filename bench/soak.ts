// npm run bench soak [-- --steps 100000 --warm 40000 --every 500 --batch 16 --allow 0.5 --json FILE]
// Trains the guide's model for many steps and watches the memory, which must not grow. For --warm steps it may:
// allocators take epochs of validation to settle, by a few MB each, ever less. --allow is in MB of resident memory per 10,000 steps.
import { parseArgs } from "node:util";
import { openEngine } from "../lib/engine";
import { TrainingPipeline } from "../lib/runs";
import { type Growth, growthOf, type Sample, sampleAt } from "./long/growth";
import { conclude, count } from "./long/verdict";
import { freshModel, worldOf } from "./training/world";

/** Share of the steps. */
const WARM_UP = 0.4;
/** Short ones, so that what an epoch's end forgets to give back shows too. */
const STEPS_AN_EPOCH = 2048;
/** MB per 10,000 steps: ten bytes a step, less than anything that a step could forget to give back. */
const HEAP_ALLOWED = 0.1;
const QUARTERS = ["after warm-up", "1/4", "2/4", "3/4", "end"];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      steps: { type: "string", default: "100000" },
      every: { type: "string", default: "500" },
      warm: { type: "string" },
      batch: { type: "string", default: "16" },
      allow: { type: "string", default: "0.5" },
      json: { type: "string" },
    },
  });
  const steps = count("steps", values.steps);
  const settings = {
    steps,
    warm: count("warm", values.warm ?? String(Math.ceil(steps * WARM_UP))),
    allow: Number(values.allow),
    every: count("every", values.every),
    batch: count("batch", values.batch),
  };
  const began = performance.now();
  const samples = await train(settings);
  const seconds = (performance.now() - began) / 1000;
  const warm = samples.filter(({ step }) => step >= settings.warm);
  show(warm);
  const growth = { rss: growthOf(warm, "rssBytes", settings.allow), heap: growthOf(warm, "heapBytes", HEAP_ALLOWED) };
  const failures = [...failureOf("resident memory", growth.rss), ...failureOf("JavaScript's heap", growth.heap)];
  const first = warm[0] as Sample;
  const last = warm.at(-1) as Sample;
  if (last.tensors > first.tensors) failures.push(`tfjs held ${first.tensors} tensors, and ${last.tensors} at the end`);
  console.log(
    `${settings.steps} steps in ${seconds.toFixed(0)} s, ${((seconds * 1000) / settings.steps).toFixed(2)} ms each`,
  );
  const facts = { seconds, growth, samples };
  await conclude({ check: "memory stays as it is", settings, facts, failures }, values.json);
}

async function train({ steps, every, batch }: { steps: number; every: number; batch: number }): Promise<Sample[]> {
  const engine = await openEngine({ backend: "tensorflow" });
  const data = worldOf({ videos: 4096, pairs: STEPS_AN_EPOCH * batch + 2 });
  const training = new TrainingPipeline({ model: freshModel(), engine, data, batchSize: batch, swaStart: 1 });
  const samples: Sample[] = [];
  for await (const event of training.events({ numEpochs: Number.POSITIVE_INFINITY })) {
    if (event.kind !== "step") continue;
    if (event.globalStep % every === 0) samples.push(sampleAt(event.globalStep));
    if (event.globalStep % Math.ceil(steps / 10) === 0) console.error(`${event.globalStep} steps of ${steps}`);
    if (event.globalStep >= steps) break;
  }
  training.dispose();
  engine.dispose();
  return samples;
}

function show(samples: readonly Sample[]): void {
  console.log(
    `  ${"".padEnd(16)}${"step".padStart(8)}${"RSS MB".padStart(10)}${"heap MB".padStart(10)}${"tensors".padStart(9)}`,
  );
  for (const [at, name] of QUARTERS.entries()) {
    const place = Math.round(((samples.length - 1) * at) / (QUARTERS.length - 1));
    const { step, rssBytes, heapBytes, tensors } = samples[place] as Sample;
    const megabytes = [rssBytes, heapBytes].map((bytes) => (bytes / 1e6).toFixed(1).padStart(10));
    console.log(`  ${name.padEnd(16)}${String(step).padStart(8)}${megabytes.join("")}${String(tensors).padStart(9)}`);
  }
}

function failureOf(name: string, { slope, error, allowed, grows }: Growth): string[] {
  const line = `${name} changes by ${slope.toFixed(3)} +- ${error.toFixed(3)} MB per 10,000 steps`;
  console.log(`  ${line}`);
  return grows ? [`${line}, ${allowed} are allowed`] : [];
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
