// npm run bench epoch [-- --batches 16,256 --pairs 16384 --rounds 3 --device gpu:0 --json FILE]
// Pairs a second over whole epochs: steps, SWA's average and validation, through the pipeline, beside the same in PyTorch.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { TrainingOptions } from "../lib/config";
import type { Device } from "../lib/engine";
import type { Contender } from "./side-by-side/contender";
import { loadOf, machine, warningOf } from "./side-by-side/machine";
import { writeReport } from "./side-by-side/report";
import { interleave, type Measured, resultsOf } from "./side-by-side/rounds";
import { OURS, tableOf } from "./side-by-side/table";
import { startAll } from "./training/contenders";
import { writeBatches, writeWorld } from "./training/files";
import { batchesOf, freshModel, type WorldSize, worldOf } from "./training/world";

const Epoch = z.object({ seconds: z.number(), pairs: z.number(), pairLoss: z.number(), valAuc: z.number().nullable() });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      batches: { type: "string", default: "16,256" },
      pairs: { type: "string", default: "16384" },
      videos: { type: "string", default: "8192" },
      rounds: { type: "string", default: "3" },
      threads: { type: "string", default: "2" },
      device: { type: "string", default: "cpu" },
      contenders: { type: "string", default: "torch-fused-adam,torch-hand-fused" },
      json: { type: "string" },
    },
  });
  const batches = values.batches.split(",").map(Number);
  const size = { videos: Number(values.videos), pairs: Number(values.pairs) };
  const settings = { rounds: Number(values.rounds), threads: Number(values.threads) };
  const before = await loadOf();
  const warning = warningOf(before);
  if (warning) console.error(warning);
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  try {
    await writeFiles(folder, size, batches);
    const names = [OURS, ...values.contenders.split(",")];
    const device = values.device as Device;
    const contenders = await startAll({ names, size, folder, device, threads: settings.threads }, console.error);
    const measured: Measured[] = [];
    for (const batch of batches) {
      const epochs = await interleaveEpochs(contenders, batch, settings.rounds);
      measured.push(...epochs);
      show(epochs, size.pairs);
    }
    const versions = Object.fromEntries(contenders.map((contender) => [contender.name, contender.versions]));
    await Promise.all(contenders.map((contender) => contender.end()));
    const load = { before, after: await loadOf() };
    const results = resultsOf(measured).map((result) => ({
      ...result,
      pairsPerSecond: (size.pairs * 1000) / result.medianMs,
    }));
    await writeReport(values.json, {
      bench: "epoch",
      takenAt: new Date().toISOString(),
      machine: machine(),
      load,
      versions,
      settings: { ...settings, ...size, batches, device: values.device },
      rounds: measured,
      results,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeFiles(folder: string, size: WorldSize, batches: readonly number[]): Promise<void> {
  const uneven = batches.filter((batch) => size.pairs % batch !== 0);
  if (uneven.length > 0) throw new RangeError(`${size.pairs} pairs are no whole batches of ${uneven.join(" or ")}`);
  const data = worldOf(size);
  await writeWorld(folder, data, freshModel());
  for (const batchSize of batches) {
    const all = batchesOf(data, TrainingOptions.parse({ batchSize }), Number.POSITIVE_INFINITY);
    await writeBatches(folder, batchSize, all);
  }
}

/** Each contender's first epoch compiles and is not counted. */
async function interleaveEpochs(contenders: readonly Contender[], batch: number, rounds: number): Promise<Measured[]> {
  const settings = TrainingOptions.parse({ batchSize: batch, swaStart: 0 });
  const run = (contender: Contender) => contender.ask({ do: "epoch", batch, settings }, Epoch);
  for (const contender of contenders) await run(contender);
  return interleave(contenders, batch, rounds, async (contender) => (await run(contender)).seconds * 1000);
}

function show(epochs: readonly Measured[], pairs: number): void {
  const results = resultsOf(epochs);
  console.log(tableOf(results, `ms an epoch of ${pairs} pairs`).join("\n"));
  for (const { name, medianMs } of results)
    console.log(`  ${name.padEnd(26)}${((pairs * 1000) / medianMs).toFixed(0).padStart(7)} pairs a second`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
