// npm run bench fuzz-service [-- --count 10000 --seed 1 --real FOLDER]
// Hostile requests to the service: damaged pictures, forms, JSON, headers and bytes. Each must be answered with 200 or a
// 4xx and a code, with nothing written, the service alive, and its memory within 500 MB of what it was before.
import { parseArgs } from "node:util";
import { fuzzService } from "./fuzz-service/run";
import { count } from "./long/verdict";

const MOST_MB = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      real: { type: "string" },
    },
  });
  const report = await fuzzService({ count: count("count", values.count), seed: values.seed, real: values.real });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  const { faults, isAlive, written, idleMb, peakMb } = report;
  if (faults.length > 0 || !isAlive || written.length > 0 || peakMb - idleMb > MOST_MB) process.exitCode = 1;
}

void main();
