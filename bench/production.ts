// npm run bench production [-- --videos 120000 --pairs 150000 --epochs 200 --run-epochs 3 --hours 3 --json FILE]
// How long the guide's production training takes: some epochs of it are run, with validation, SWA, checkpoints, history
// and TensorBoard as `thumbrank train` runs them, and each part is counted as often as a whole training has it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "../lib/engine";
import { TrainingPipeline, trainRun } from "../lib/runs";
import { conclude, count } from "./long/verdict";
import { type Clocked, clock } from "./production/clock";
import { hoursOf, type Parts, type Plan, partsOf } from "./production/extrapolate";
import { aboveChance, fallOf } from "./production/learning";
import { loadOf, warningOf } from "./side-by-side/machine";
import { freshModel, worldOf } from "./training/world";

/** As `thumbrank train` saves them, and the guide's last 50 epochs of SWA. */
const CHECKPOINT_MINUTES = 5;
const KEPT_EPOCHS = 50;
const AVERAGED_EPOCHS = 50;
const GUIDE = "the guide's own figures, not measured here: 48-72 h on a CPU, 4-6 h on an A100";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      videos: { type: "string", default: "120000" },
      pairs: { type: "string", default: "150000" },
      batch: { type: "string", default: "16" },
      epochs: { type: "string", default: "200" },
      "run-epochs": { type: "string", default: "3" },
      hours: { type: "string", default: "3" },
      json: { type: "string" },
    },
  });
  const size = { videos: count("videos", values.videos), pairs: count("pairs", values.pairs) };
  const batch = count("batch", values.batch);
  const runEpochs = count("run-epochs", values["run-epochs"]);
  if (runEpochs < 2) throw new RangeError("--run-epochs takes 2 or more: one without SWA's average, one with it");
  const load = await loadOf();
  const warning = warningOf(load);
  if (warning) console.error(warning);
  const { clocked, stepsPerEpoch, validationPairs } = await train(size, batch, runEpochs);
  const epochs = count("epochs", values.epochs);
  const averagedEpochs = Math.min(AVERAGED_EPOCHS, epochs);
  const plan = {
    epochs,
    averagedEpochs,
    stepsPerEpoch,
    checkpointMinutes: CHECKPOINT_MINUTES,
    keptEpochs: KEPT_EPOCHS,
  };
  const parts = partsOf(clocked);
  const hours = hoursOf(parts, plan);
  const learned = {
    loss: fallOf(clocked.losses),
    auc: clocked.valAuc,
    ...aboveChance(clocked.valAuc, validationPairs),
  };
  show(clocked, parts, plan, hours);
  showLearning(learned, validationPairs);
  const failures: string[] = [];
  if (!learned.loss.falls) failures.push("the loss does not fall by more than chance");
  if (!learned.isAbove) failures.push("pairs of the validation fold are not ranked better than by chance");
  if (!(hours < Number(values.hours))) failures.push(`${hours.toFixed(2)} h are not under ${values.hours} h`);
  const facts = { load, steps: clocked.losses.length, parts, hours, learned };
  const check = `${size.pairs} pairs over ${size.videos} thumbnails, ${epochs} epochs at batch ${batch}`;
  await conclude({ check, settings: { ...size, batch, runEpochs, plan }, facts, failures }, values.json);
}

/** A run in a folder of its own, whose last epoch is averaged. */
async function train(size: { videos: number; pairs: number }, batchSize: number, numEpochs: number) {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  try {
    const engine = await openEngine({ backend: "tensorflow" });
    const data = worldOf(size);
    const model = freshModel();
    const pipeline = new TrainingPipeline({ model, engine, data, batchSize, swaStart: numEpochs - 1 });
    const { stepsPerEpoch } = pipeline;
    const paths = { checkpoints: folder, models: folder, runs: folder };
    const checkpointSteps = Math.ceil(stepsPerEpoch / 2);
    const clocked = await clock(trainRun({ name: "production", paths, pipeline, numEpochs, checkpointSteps }));
    pipeline.dispose();
    engine.dispose();
    return { clocked, stepsPerEpoch, validationPairs: data.pairs.validation.winners.length };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function show({ losses, seconds }: Clocked, parts: Parts, plan: Plan, hours: number): void {
  const { epochs, averagedEpochs, stepsPerEpoch } = plan;
  console.log(
    `measured over ${losses.length} steps, ${seconds.epoch.length} epochs, ${seconds.checkpoint.length} checkpoints:`,
  );
  console.log(`  a step ${(parts.step * 1000).toFixed(3)} ms, ${stepsPerEpoch} an epoch`);
  console.log(`  validation ${parts.validation.toFixed(2)} s, with SWA's average ${parts.averagedEpoch.toFixed(2)} s`);
  console.log(
    `  a checkpoint ${parts.checkpoint.toFixed(2)} s, the end with both validations ${parts.finish.toFixed(1)} s`,
  );
  console.log(`${epochs} epochs, ${averagedEpochs} of them averaged: ${hours.toFixed(2)} h (${GUIDE})`);
}

function showLearning(
  { loss, auc, errors }: { loss: ReturnType<typeof fallOf>; auc: number | null; errors: number },
  pairs: number,
): void {
  const [first, last, error] = [loss.first, loss.last, loss.error].map((value) => value.toFixed(5));
  console.log(
    `loss, mean of the first steps ${first}, of the last ${last} (standard error of the difference ${error})`,
  );
  console.log(`validation AUC ${auc?.toFixed(4)} on ${pairs} pairs, ${errors.toFixed(1)} standard errors above chance`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
