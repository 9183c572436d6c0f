import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportModel, loadModel, type TrainedModel } from "../../lib/deployment";
import type { Predictions } from "../../lib/model";
import { hasTestPython, needsTestPython, testPython } from "../python/environment";
import { trainedModel, unitRows } from "./trained";

interface Output {
  shape: number[];
  values: number[];
}
type Outputs = Record<"score" | "ctr" | "auxiliary", Output>;

/** What judge.py prints. */
interface Judgement {
  tensors: { name: string; type: string; shape: (number | string)[] }[];
  onnxruntime: Outputs;
  mlflow: Outputs;
  mlflowUnnamed: Outputs;
  mlflowOnnx: string[];
  signature: { inputs: string; outputs: string };
  triton: { backend: string; maxBatchSize: number; tensors: { name: string; type: string; dims: number[] }[] };
  card: { name: string; value: number; dataset: string }[];
  tags: string[];
  weights: Record<string, { shape: number[]; sum: number }>;
}

const ROWS = 5;
const WIDTH = 1152;
const estimate = (value: number) => ({ pairwiseAuc: { value, low: value - 0.08, high: value + 0.08 } });
const METRICS = {
  test: estimate(0.612),
  baselines: { newer: estimate(0.551), titleOnly: { pairwiseAuc: { value: null, low: null, high: null } } },
  splits: {
    channel: { ...estimate(0.612), counts: { channels: 9, videos: 300, pairs: 1000 } },
    time: estimate(0.58),
  },
};

describe.skipIf(!hasTestPython)(`an exported version, read by other programs${needsTestPython}`, () => {
  let home: string;
  let folder: string;
  let trained: TrainedModel;
  let own: Predictions;
  let found: Judgement;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "judged-"));
    trained = await trainedModel({ metrics: METRICS });
    folder = await exportModel(join(home, "models"), trained);
    const rows = unitRows(ROWS, 768, 384);
    const model = await loadModel(folder);
    own = await model.predict(rows);
    await model.close();
    const nested = Array.from({ length: ROWS }, (_, row) => [...rows.subarray(row * WIDTH, (row + 1) * WIDTH)]);
    await writeFile(join(home, "rows.json"), JSON.stringify(nested));
    const program = [join(__dirname, "programs", "judge.py"), folder, join(home, "rows.json")];
    const env = { ...process.env, ORT_DISABLE_TELEMETRY: "1", MLFLOW_DISABLE_TELEMETRY: "true", HF_HUB_OFFLINE: "1" };
    found = JSON.parse((await promisify(execFile)(testPython, program, { cwd: home, env })).stdout);
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test.each(["onnxruntime", "mlflow", "mlflowUnnamed"] as const)("%s gives our outputs to 1e-5", (reader) => {
    const outputs = found[reader];
    expect(outputs.score.shape).toEqual([ROWS]);
    expect(outputs.ctr.shape).toEqual([ROWS]);
    expect(outputs.auxiliary.shape).toEqual([ROWS, 6]);
    const pairs = [
      [outputs.score.values, own.scores],
      [outputs.ctr.values, own.ctr],
      [outputs.auxiliary.values, own.auxiliary],
    ] as const;
    for (const [values, ours] of pairs) {
      expect(values.length).toBe(ours.length);
      const differences = values.map((value, at) => Math.abs(value - (ours[at] ?? Number.NaN)));
      expect(Math.max(...differences)).toBeLessThan(1e-5);
    }
  });

  test("tensors have the same names, types and shapes in ONNX, Triton's configuration and MLflow's signature", () => {
    const expected = [
      ["embedding", [-1, WIDTH]],
      ["score", [-1]],
      ["ctr", [-1]],
      ["auxiliary", [-1, 6]],
    ];
    const free = (shape: (number | string)[]) => shape.map((size) => (typeof size === "string" ? -1 : size));
    expect(found.tensors.map(({ name, shape }) => [name, free(shape)])).toEqual(expected);
    expect(found.triton.tensors.map(({ name, dims }) => [name, dims])).toEqual(expected);
    expect(new Set(found.tensors.map(({ type }) => type))).toEqual(new Set(["tensor(float)"]));
    expect(new Set(found.triton.tensors.map(({ type }) => type))).toEqual(new Set(["TYPE_FP32"]));
    const specs = [found.signature.inputs, found.signature.outputs].flatMap((text) => JSON.parse(text));
    expect(specs.map(({ name, "tensor-spec": spec }) => [name, spec.shape, spec.dtype])).toEqual(
      expected.map((tensor) => [...tensor, "float32"]),
    );
    expect(found.mlflowOnnx).toEqual(["score", "ctr", "auxiliary"]);
  });

  test("Triton's configuration leaves the batch to the tensors' own first dimension", () => {
    expect(found.triton).toMatchObject({ backend: "onnxruntime", maxBatchSize: 0 });
  });

  test("safetensors reads the weights", () => {
    expect(new Set(Object.keys(found.weights))).toEqual(new Set(Object.keys(trained.weights)));
    for (const [name, { shape, values }] of Object.entries(trained.weights)) {
      expect(found.weights[name]?.shape).toEqual(shape);
      expect(found.weights[name]?.sum).toBeCloseTo(
        values.reduce((sum: number, value) => sum + value, 0),
        6,
      );
    }
  });

  test("the Hugging Face hub reads the model card's figures, and its text has baselines and intervals", async () => {
    expect(found.card.map(({ name, value }) => [name, value])).toEqual([
      ["Pairwise AUC", 0.612],
      ["Pairwise AUC of the baseline newer", 0.551],
    ]);
    expect(found.tags).toContain("thumbrank");
    const text = await readFile(join(folder, "README.md"), "utf8");
    expect(text).toContain("1000 pairs of 300 videos, 9 channels");
    expect(text).toContain("0.612 (0.532 to 0.692)");
    expect(text).toContain("| baseline newer | 0.551 | 0.471 to 0.631 |");
    expect(text).toContain("| baseline titleOnly | not defined |  |");
  });
});

test("a model without an evaluation has a card that says so, and no figures", async () => {
  const models = await mkdtemp(join(tmpdir(), "unjudged-"));
  const folder = await exportModel(models, await trainedModel({ metrics: {} }));
  const text = await readFile(join(folder, "README.md"), "utf8");
  expect(text).toContain("exported without an evaluation");
  expect(text).not.toContain("model-index");
  await rm(models, { recursive: true });
});
