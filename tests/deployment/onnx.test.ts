import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { buildOnnx } from "../../lib/deployment";
import { checkOnnx } from "../../lib/deployment/onnx/check";
import { decodeOnnx, encodeOnnx, type OnnxModel } from "../../lib/deployment/onnx/schema";
import { openEngine } from "../../lib/engine";
import type { ThumbnailRankingModel } from "../../lib/model";
import { openPredictor } from "../../lib/training";
import { randomModel, unitRows } from "./trained";

async function runOnnx(model: ThumbnailRankingModel, rows: Float32Array) {
  const session = await InferenceSession.create(buildOnnx(model));
  const dims = [rows.length / model.inputDim, model.inputDim];
  const outputs = await session.run({ embedding: new Tensor("float32", rows, dims) });
  await session.release();
  return outputs;
}

test("ONNX Runtime's outputs equal the pipeline's to 1e-5, whatever the batch", async () => {
  const engine = await openEngine({ backend: "wasm" });
  const model = randomModel(768, 384, 512);
  const predictor = openPredictor(engine, model, 100);
  for (const batch of [1, 7, 100]) {
    const rows = unitRows(batch, 768, 384);
    const expected = await predictor.predict(rows);
    const found = await runOnnx(model, rows);
    const largest = (name: string, values: Float32Array) =>
      Math.max(...values.map((value, index) => Math.abs(value - ((found[name] as Tensor).data[index] as number))));
    expect(found.score?.dims).toEqual([batch]);
    expect(found.ctr?.dims).toEqual([batch]);
    expect(found.auxiliary?.dims).toEqual([batch, 6]);
    expect(largest("score", expected.scores)).toBeLessThan(1e-5);
    expect(largest("ctr", expected.ctr)).toBeLessThan(1e-5);
    expect(largest("auxiliary", expected.auxiliary)).toBeLessThan(1e-5);
  }
  predictor.dispose();
  engine.dispose();
});

test("ONNX Runtime's outputs equal a plain loop over the weights", async () => {
  const model = randomModel(6, 4, 8);
  const x = [...unitRows(1, 6, 4)];
  const w = (name: string) => [...(model.weights[name]?.values ?? [])];
  const linear = (name: string, input: number[]) =>
    w(`${name}.bias`).map((bias, row) =>
      input.reduce(
        (sum, value, column) => sum + value * (w(`${name}.weight`)[row * input.length + column] as number),
        bias,
      ),
    );
  const relu = (input: number[]) => input.map((value) => Math.max(0, value));
  const norm = (name: string, input: number[]) =>
    input.map((value, column) => {
      const at = (part: string) => w(`${name}.${part}`)[column] as number;
      return ((value - at("running_mean")) / Math.sqrt(at("running_var") + 1e-5)) * at("weight") + at("bias");
    });
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  const features = relu(linear("projection", x));
  const score = linear("pairwise.6", relu(linear("pairwise.3", relu(linear("pairwise.0", features)))))[0] as number;
  const first = norm("ctr.2", relu(linear("ctr.0", features)));
  const ctr = sigmoid(linear("ctr.8", norm("ctr.6", relu(linear("ctr.4", first))))[0] as number);
  const contrast = sigmoid(linear("auxiliary.contrast.3", relu(linear("auxiliary.contrast.0", features)))[0] as number);
  const found = await runOnnx(model, Float32Array.from(x));
  expect(found.score?.data[0]).toBeCloseTo(score, 5);
  expect(found.ctr?.data[0]).toBeCloseTo(ctr, 5);
  expect(found.auxiliary?.data[2]).toBeCloseTo(contrast, 5);
});

test("the same model gives the same file", () => {
  expect(Buffer.from(buildOnnx(randomModel(6, 4, 8))).equals(buildOnnx(randomModel(6, 4, 8)))).toBe(true);
});

test("only graphs like our own pass the check", () => {
  const bytes = buildOnnx(randomModel(6, 4, 8));
  checkOnnx(bytes);
  const changed = (change: (model: OnnxModel) => void) => {
    const model = decodeOnnx(bytes) as unknown as OnnxModel;
    change(model);
    return encodeOnnx(model);
  };
  const [first] = (decodeOnnx(bytes) as unknown as OnnxModel).graph.initializer;
  const outside = { ...(first as NonNullable<typeof first>), external_data: [{ key: "location", value: "../secret" }] };
  const foreign = [
    changed(({ graph }) => graph.initializer.push({ ...outside, data_location: 1 })),
    changed(({ graph }) => graph.initializer.push(outside)),
    changed(({ graph }) => Object.assign(graph.node[0] ?? {}, { op_type: "Loop" })),
    changed(({ graph }) => Object.assign(graph.node[0] ?? {}, { domain: "com.example" })),
    changed(({ graph }) => graph.output.pop()),
    changed((model) => Object.assign(model, { functions: [{ name: "Gemm" }] })),
    bytes.subarray(0, bytes.length - 9),
    new Uint8Array(0),
    new Uint8Array(100).fill(0xff),
  ];
  for (const [index, file] of foreign.entries()) expect(() => checkOnnx(file), `case ${index}`).toThrow();
});
