// npm run bench load [-- --rows 200000 --rounds 3 --json FILE]
// Embedding files into the trainer: seconds and memory, beside numpy and PyTorch reading one plain array.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type Vectors, vectorFiles } from "./load/files";
import { loadOf, machine, warningOf } from "./side-by-side/machine";
import { writeReport } from "./side-by-side/report";
import { type Measured, resultsOf } from "./side-by-side/rounds";
import { median } from "./side-by-side/statistics";
import { OURS } from "./side-by-side/table";
import { torchPython } from "./torch/environment";

const Loading = z.object({
  seconds: z.number(),
  parts: z.record(z.string(), z.number()),
  /** Of all threads. */
  cpuSeconds: z.number().optional(),
  firstStepMs: z.number().optional(),
  residentBytes: z.number(),
  peakBytes: z.number(),
});
type Loading = z.infer<typeof Loading>;

interface Loader {
  name: string;
  command: [program: string, ...args: string[]];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "200000" },
      rounds: { type: "string", default: "3" },
      json: { type: "string" },
    },
  });
  const rows = Number(values.rows);
  const rounds = Number(values.rounds);
  const python = torchPython(console.error);
  const files = await vectorFiles(rows, console.error);
  const before = await loadOf();
  const warning = warningOf(before);
  if (warning) console.error(warning);
  const loadings: (Loading & { name: string; round: number })[] = [];
  for (let round = 0; round < rounds; round++)
    for (const { name, command } of loadersOf(files, rows, python))
      loadings.push({ ...loadOnce(name, command), name, round });
  const measured: Measured[] = loadings.map(({ name, round, seconds }) => ({
    name,
    batch: 0,
    round,
    ms: seconds * 1000,
  }));
  const results = resultsOf(measured).map((result) => ({ ...result, ...memoryOf(result.name, loadings) }));
  console.log(
    `${rows} rows of ${files.sizeBytes / rows / 4} numbers, ${gigabytes(files.sizeBytes)} GB; ours last: two files joined, hashed, given to TensorFlow, as float32 and as float16`,
  );
  for (const result of results)
    console.log(
      `  ${result.name.padEnd(18)}${(result.medianMs / 1000).toFixed(2).padStart(6)} s (${(result.lowMs / 1000).toFixed(2)} to ${(result.highMs / 1000).toFixed(2)}), resident ${gigabytes(result.residentBytes)} GB, peak ${gigabytes(result.peakBytes)} GB`,
    );
  const load = { before, after: await loadOf() };
  await writeReport(values.json, {
    bench: "load",
    takenAt: new Date().toISOString(),
    machine: machine(),
    load,
    versions: {},
    settings: { rows, rounds, sizeBytes: files.sizeBytes },
    rounds: measured,
    loadings,
    results,
  });
}

function loadersOf({ embeddings, npy, sizeBytes }: Vectors, rows: number, python: string): Loader[] {
  const script = join(__dirname, "torch", "load.py");
  const array = [npy, String(rows), String(sizeBytes / rows / 4)];
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const ours = ["--import", loader, join(__dirname, "load", "ours.ts"), embeddings, String(rows)];
  return [
    { name: "numpy-load", command: [python, script, "numpy-load", ...array] },
    { name: "torch-from-file", command: [python, script, "torch-from-file", ...array] },
    { name: OURS, command: [process.execPath, ...ours] },
    { name: `${OURS}-float16`, command: [process.execPath, ...ours, "float16"] },
  ];
}

/** Each loading has a process of its own, so that memory is its own. */
function loadOnce(name: string, [program, ...args]: Loader["command"]): Loading {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.slice(-1000)}`);
  const answer = stdout.split("\n").find((line) => line.startsWith("{"));
  return Loading.parse(JSON.parse(answer ?? "null"));
}

function memoryOf(name: string, loadings: readonly (Loading & { name: string })[]) {
  const own = loadings.filter((each) => each.name === name);
  return {
    residentBytes: median(own.map(({ residentBytes }) => residentBytes)),
    peakBytes: median(own.map(({ peakBytes }) => peakBytes)),
  };
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
