import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./files";

const LOSS = `import * as tf from "@tensorflow/tfjs";

/** Mean square of the scores, which keeps them small. */
export function scoreSizeLoss(scores: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.square(scores));
}
`;

const ROW = `  {
    name: "scoreSize",
    label: "score size",
    weight: () => 0.5,
    loss: ({ output }) => scoreSizeLoss(output.scores),
  },
] as const satisfies`;

/** Trains, and prints where the planted loss is found. */
const PROGRAM = `import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolvePaths } from "./lib/config";
import { openEngine } from "./lib/engine";
import { lossFigure } from "./lib/evaluation/page/figures/curves";
import { ThumbnailRankingModel } from "./lib/model";
import { trainingFigure } from "./lib/notebook/training-figure";
import { readCheckpoint, TrainingPipeline, trainRun } from "./lib/runs";
import { toScalars } from "./lib/runs/loggers/scalars";
import type { StepRecord } from "./lib/training";
import { planted } from "./tests/training/planted";

async function main() {
const data = planted();
const paths = resolvePaths(mkdtempSync(join(tmpdir(), "thumbrank-planted-home-")));
const engine = await openEngine({ backend: "cpu" });
const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 3 });
const pipeline = new TrainingPipeline({ model, engine, data, batchSize: 16, learningRate: 1e-2, useSwa: false });
const steps: StepRecord[] = [];
for await (const event of trainRun({ name: "planted", paths, pipeline, numEpochs: 2 }))
  if (event.kind === "step") steps.push(event);
const folder = join(paths.checkpoints, "planted");
const name = readdirSync(folder).find((each) => each.startsWith("model_epoch_2")) ?? "";
const { progress } = (await readCheckpoint(join(folder, name))).state;
const [first, second] = pipeline.history;
process.stdout.write(JSON.stringify({
  step: steps[0],
  first,
  second,
  scalars: toScalars(second),
  checkpoint: progress.history[1],
  sums: progress.sums,
  written: JSON.parse(readFileSync(join(paths.models, "training_history.json"), "utf8"))[1],
  report: lossFigure(pipeline.history).data.map(({ name }) => name),
  notebook: JSON.stringify(trainingFigure(pipeline.history)),
}));
pipeline.dispose();
engine.dispose();
}
void main();
`;

interface Found {
  step: Record<string, number>;
  first: Record<string, number>;
  second: Record<string, number>;
  scalars: Record<string, number>;
  checkpoint: Record<string, number>;
  sums: Record<string, number>;
  written: Record<string, number>;
  report: string[];
  notebook: string;
}

let folder: string;
let found: Found;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-plant-"));
  for (const name of ["lib", "tests/training/planted.ts", "package.json", "tsconfig.json"])
    await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  // Two files: the loss, and its row.
  await writeFile(join(folder, "lib/training/losses/score-size.ts"), LOSS);
  const table = join(folder, "lib/training/losses/terms.ts");
  const text = await readFile(table, "utf8");
  const withRow = text.replace("] as const satisfies", ROW);
  await writeFile(table, `import { scoreSizeLoss } from "./score-size";\n${withRow}`);
  await writeFile(join(folder, "program.ts"), PROGRAM);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "program.ts"], { cwd: folder });
  found = JSON.parse(stdout) as Found;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a loss that is planted in two files trains, with its weight in the total", () => {
  const { step, first, second } = found;
  expect(second.scoreSize).toBeGreaterThan(0);
  for (const record of [step, first, second]) {
    const { pair = 0, ctr = 0, auxiliary = 0, scoreSize = 0, total } = record;
    expect(total).toBeCloseTo(pair + ctr + auxiliary + 0.5 * scoreSize, 6);
  }
});

test("it is found in TensorBoard's scalars, the checkpoint, the history file, the report and the notebook", () => {
  const { second, scalars, checkpoint, sums, written, report, notebook } = found;
  expect(scalars["loss/scoreSize"]).toBe(second.scoreSize);
  expect(checkpoint.scoreSize).toBe(second.scoreSize);
  expect(sums).toHaveProperty("scoreSize", 0);
  expect(written.scoreSize).toBe(second.scoreSize);
  expect(report).toContain("score size loss");
  expect(notebook).toContain('"score size"');
});
