// npm run bench step [-- --batches 16,64,256,1024 --rounds 5 --seconds 3 --device gpu:0 --json FILE]
// The whole training step of the guide: ours, as the trainer runs it, beside tfjs's backends and PyTorch written in five ways.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { messageOf } from "../lib/base/errors";
import { TrainingOptions } from "../lib/config";
import { type Device, findTfjsNode } from "../lib/engine";
import type { Contender } from "./side-by-side/contender";
import { loadOf, machine, warningOf } from "./side-by-side/machine";
import { writeReport } from "./side-by-side/report";
import { interleave, type Measured, resultsOf } from "./side-by-side/rounds";
import { medianOfBlocks } from "./side-by-side/statistics";
import { OURS, tableOf } from "./side-by-side/table";
import { EAGER, startAll, TORCH } from "./training/contenders";
import { writeBatches, writeWorld } from "./training/files";
import { compareLosses, type Values } from "./training/losses";
import { batchesOf, freshModel, type WorldSize, worldOf } from "./training/world";

const Checked = z.object({ values: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])) });
const Times = z.object({ milliseconds: z.array(z.number()) });
const CHECKED_STEPS = 10;
/** Steps that compile and warm up, not counted. */
const WARM_STEPS = 12;
/** Batches that PyTorch takes in turn. */
const BATCHES = 256;
/** Beyond, a step takes seconds. */
const LARGEST: Record<string, number> = { wasm: 64 };
/** As the guide, but for a bound that clips every step and a decay that ten steps show. */
const CHECK = { dropoutScale: 0, maxGradientNorm: 0.1, weightDecay: 10 };

const tell = (message: string): void => console.error(message);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      batches: { type: "string", default: "16,64,256,1024" },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "3" },
      videos: { type: "string", default: "8192" },
      threads: { type: "string", default: "2" },
      device: { type: "string", default: "cpu" },
      contenders: { type: "string" },
      json: { type: "string" },
    },
  });
  const batches = values.batches.split(",").map(Number);
  const size = { videos: Number(values.videos), pairs: Math.max(...batches) * 64 };
  const device = values.device as Device;
  const names = [OURS, ...(values.contenders?.split(",") ?? able(device))];
  const settings = { rounds: Number(values.rounds), seconds: Number(values.seconds), threads: Number(values.threads) };
  const before = await loadOf();
  const warning = warningOf(before);
  if (warning) tell(warning);
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  try {
    await writeFiles(folder, size, batches);
    const contenders = await startAll({ names, size, folder, device, threads: settings.threads }, tell);
    const measured: Measured[] = [];
    const checks: object[] = [];
    for (const batch of batches) {
      checks.push({ batch, steps: CHECKED_STEPS, differences: await checkAll(contenders, batch) });
      measured.push(...(await measureAll(contenders, batch, settings)));
      console.log(tableOf(resultsOf(measured.filter((each) => each.batch === batch)), "ms a step").join("\n"));
    }
    const versions = Object.fromEntries(contenders.map((contender) => [contender.name, contender.versions]));
    await Promise.all(contenders.map((contender) => contender.end()));
    const load = { before, after: await loadOf() };
    await writeReport(values.json, {
      bench: "step",
      takenAt: new Date().toISOString(),
      machine: machine(),
      load,
      versions,
      settings: { ...settings, ...size, batches, device },
      checks,
      rounds: measured,
      results: resultsOf(measured),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All contenders that this machine has: CUDA graphs only for GPUs, tfjs's own backends only for CPUs. */
function able(device: Device): string[] {
  if (device !== "cpu") return TORCH;
  const theirs = TORCH.filter((name) => name !== "torch-hand-fused-graphs");
  try {
    findTfjsNode();
    return [...EAGER, ...theirs];
  } catch (failure) {
    tell(`left out: ${messageOf(failure)}`);
    return [...EAGER.filter((name) => name !== "tfjs-node"), ...theirs];
  }
}

async function writeFiles(folder: string, size: WorldSize, batches: readonly number[]): Promise<void> {
  const data = worldOf(size);
  await writeWorld(folder, data, freshModel());
  for (const batchSize of batches)
    await writeBatches(folder, batchSize, batchesOf(data, TrainingOptions.parse({ batchSize }), BATCHES));
}

/**
 * Lets each contender do the same first steps without dropout.
 * @returns the largest difference of each from ours
 * @throws LossesDiffer
 */
async function checkAll(contenders: readonly Contender[], batch: number): Promise<Record<string, number>> {
  const differences: Record<string, number> = {};
  let ours: Values[] | undefined;
  for (const contender of contenders) {
    const settings = TrainingOptions.parse({ ...CHECK, batchSize: batch });
    if (isTooSlow(contender, batch)) continue;
    tell(`checking ${CHECKED_STEPS} steps of ${contender.name} at batch ${batch}`);
    const { values } = await contender.ask({ do: "check", batch, steps: CHECKED_STEPS, settings }, Checked);
    ours ??= values;
    differences[contender.name] = compareLosses(contender.name, batch, ours, values);
  }
  return differences;
}

async function measureAll(
  contenders: readonly Contender[],
  batch: number,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Measured[]> {
  const settings = TrainingOptions.parse({ batchSize: batch, swaStart: 0 });
  const run = async (contender: Contender, steps: number) => {
    const { milliseconds } = await contender.ask({ do: "steps", batch, steps, settings }, Times);
    return medianOfBlocks(milliseconds);
  };
  const field = contenders.filter((contender) => !isTooSlow(contender, batch));
  const steps = new Map<string, number>();
  for (const contender of field) {
    await run(contender, 2);
    const warm = await run(contender, EAGER.includes(contender.name) ? 2 : WARM_STEPS);
    steps.set(contender.name, stepsIn(seconds, warm));
  }
  return interleave(field, batch, rounds, (contender) => run(contender, steps.get(contender.name) as number));
}

function stepsIn(seconds: number, msPerStep: number): number {
  return Math.min(5000, Math.max(5, Math.round((seconds * 1000) / msPerStep)));
}

function isTooSlow({ name }: Contender, batch: number): boolean {
  return batch > (LARGEST[name] ?? batch);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
