import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, test, vi } from "vitest";
import { random } from "../../lib/base/random";
import { type Engine, openEngine } from "../../lib/engine";
import { BFLOAT16, FLOAT32 } from "../../lib/engine/native/data-type";
import { Graph } from "../../lib/engine/native/graph";
import { findLibrary } from "../../lib/engine/native/library";
import { loadTensorFlow } from "../../lib/engine/native/load";
import { hasTensorFlow } from "./available";
import { matMul, transposed } from "./naive-products";

const INNER = 512;
const COLUMNS = 128;
const source = random(0, "few-rows");
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * source.uniform() - 1);
const w = numbers(COLUMNS * INNER);
const v = numbers(COLUMNS * INNER);

const open: Engine[] = [];
afterAll(() => {
  for (const engine of open) engine.dispose();
});

async function newEngine(): Promise<Engine> {
  const engine = await openEngine({ backend: "tensorflow", device: "cpu" });
  open.push(engine);
  return engine;
}

/** Results of two layers that share their input, and the operations that they were recorded as. */
async function twoLayers(engine: Engine, x: Float32Array, columns = COLUMNS) {
  const recorded = vi.spyOn(Graph.prototype, "operation");
  const layers = engine.jit(
    (x, ...others) => others.map((other) => tf.matMul(x as tf.Tensor2D, other as tf.Tensor2D, false, true)),
    { shape: [x.length / INNER, INNER] },
    { shape: [columns, INNER] },
    { shape: [columns, INNER] },
  );
  const results = await layers(x, v.subarray(0, columns * INNER), w.subarray(0, columns * INNER));
  const types = recorded.mock.calls.map(([type]) => type).filter((type) => /MatMul|Transpose/.test(type));
  recorded.mockRestore();
  layers.dispose();
  return { results, types };
}

describe.skipIf(!hasTensorFlow)("products with a transposed factor (need TensorFlow's library)", () => {
  test.each([1, 15, 16, 33, 48, 49])("of %i rows are those by definition", async (rows) => {
    const x = numbers(rows * INNER);
    const { results } = await twoLayers(await newEngine(), x);
    for (const [at, factor] of [v, w].entries()) {
      const columns = transposed(Float64Array.from(factor), INNER);
      const { values, magnitudes } = matMul(Float64Array.from(x), columns, [rows, INNER, COLUMNS]);
      const bounds = magnitudes.map((magnitude) => INNER * 2 ** -24 * magnitude);
      const found = results[at] as Float32Array;
      expect(found.findIndex((value, at) => Math.abs(value - (values[at] as number)) > (bounds[at] as number))).toBe(
        -1,
      );
    }
  });

  const PLAIN = ["MatMul", "MatMul"];
  const TURNED = ["Transpose", "MatMul", "Transpose", "MatMul", "Transpose"];

  test.runIf(process.arch === "x64")(
    "of few rows are computed the other way round, and turn a shared input once",
    async () => {
      const engine = await newEngine();
      const typesOf = async (rows: number, columns?: number) =>
        (await twoLayers(engine, numbers(rows * INNER), columns)).types;
      expect(await typesOf(15)).toEqual(PLAIN);
      expect(await typesOf(16)).toEqual(TURNED);
      expect(await typesOf(48)).toEqual(TURNED);
      expect(await typesOf(49)).toEqual(PLAIN);
      expect(await typesOf(16, COLUMNS - 1)).toEqual(PLAIN);
    },
  );
});

test.skipIf(!hasTensorFlow)("a graph for a GPU, or for half precision, leaves them as they are", () => {
  const api = loadTensorFlow(findLibrary().path);
  const graphs = [new Graph(api, FLOAT32, false), new Graph(api, BFLOAT16, true)];
  expect(graphs.map(({ turnsFewRows }) => turnsFewRows)).toEqual([false, false]);
  for (const graph of graphs) graph.dispose();
});
