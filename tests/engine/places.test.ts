import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, openEngine, type Step } from "../../lib/engine";
import { placeIn } from "../../lib/engine/place";
import { hasTensorFlow } from "./available";

const backends = (["wasm", "tensorflow"] as const).filter((name) => name !== "tensorflow" || hasTensorFlow);
const LINES = readFileSync(__filename, "utf8").split("\n");

/** This file's line with a mark, as errors tell it. */
function lineOf(mark: string): RegExp {
  const line = LINES.findIndex((text) => text.endsWith(`// ${mark}`)) + 1;
  return new RegExp(`tests/engine/places\\.test\\.ts:${line}:\\d+`);
}

async function thrownBy(code: () => unknown): Promise<Error & Record<string, unknown>> {
  try {
    await code();
  } catch (thrown) {
    return thrown as Error & Record<string, unknown>;
  }
  throw new Error("nothing was thrown");
}

describe.each(backends)("an error in a step on %s names the line of its code:", (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend });
  });
  afterAll(() => engine.dispose());

  const random = () => tf.randomNormal([4]); // random
  const missing = () => tf.engine().runKernel<tf.Tensor>("Nonesuch", {}); // missing
  const steps: [string, Step, string][] = [
    ["random", () => [random()], "tf.randomNormal"],
    ["missing", () => [tf.tidy(() => missing())], "Nonesuch"],
  ];

  test.each(steps)("%s", async (mark, step, operation) => {
    const failure = await thrownBy(() => engine.jit(step).sync());
    expect(failure.message).toMatch(lineOf(mark));
    expect(failure.message).toContain(operation);
    expect(failure.place).toMatch(lineOf(mark));
  });
});

describe.skipIf(!hasTensorFlow)("a compiled step's error (needs TensorFlow's library)", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend: "tensorflow" });
  });
  afterAll(() => engine.dispose());

  test("names what was read, where it was made and where it was read", async () => {
    const step: Step = (x) => {
      const root = tf.sqrt(x as tf.Tensor); // made
      return [tf.scalar(root.dataSync()[0] as number)]; // read
    };
    const failure = await thrownBy(() => engine.jit(step, { shape: [4] }));
    expect(failure.tensor).toMatch(new RegExp(`^the result of Sqrt at ${lineOf("made").source} \\[4\\]$`));
    expect(failure.place).toMatch(lineOf("read"));
  });

  test("names where a tensor from elsewhere was used", async () => {
    const stray = tf.variable(tf.tensor1d([1]), true, "stray of places");
    const step: Step = () => [
      tf.mul(stray, 2), // foreign
    ];
    expect((await thrownBy(() => engine.jit(step))).place).toMatch(lineOf("foreign"));
    stray.dispose();
  });

  test("names the operation that TensorFlow refused to record", async () => {
    const step: Step = (x) => [
      tf.engine().runKernel<tf.Tensor>("BatchMatMul", { a: x as tf.Tensor, b: x as tf.Tensor }), // refused
    ];
    const failure = await thrownBy(() => engine.jit(step, { shape: [2, 3] }));
    expect(failure).toMatchObject({ code: "ENGINE_RUN_FAILED" });
    expect(failure.origin).toMatch(new RegExp(`^BatchMatMul at ${lineOf("refused").source}$`));
  });

  test.each(["sync", "async"])("names the operation that failed in a run: %s", async (form) => {
    const table = tf.tensor2d([1, 2, 3], [3, 1]);
    const step: Step = (rows) => [
      tf.relu(tf.gather(table, rows as tf.Tensor1D)), // out of range
    ];
    const compiled = engine.jit(step, { shape: [2], dtype: "int32" });
    const rows = Int32Array.of(0, 7);
    const failure = await thrownBy(() => (form === "sync" ? compiled.sync(rows) : compiled(rows)));
    expect(failure.origin).toMatch(new RegExp(`^GatherV2 at ${lineOf("out of range").source}$`));
    expect(failure.message).toContain(failure.origin);
  });

  test("names the operation whose gradient failed", async () => {
    const step: Step = (x, rows) => {
      const picked = (weights: tf.Tensor) => tf.unsortedSegmentSum(weights as tf.Tensor1D, rows as tf.Tensor1D, 2); // segments
      return [tf.grad((weights) => tf.sum(tf.square(picked(weights))))(x as tf.Tensor)];
    };
    const compiled = engine.jit(step, { shape: [2] }, { shape: [2], dtype: "int32" });
    const failure = await thrownBy(() => compiled(new Float32Array(2), Int32Array.of(0, 9)));
    expect(failure.origin).toMatch(lineOf("segments"));
  });
});

test("a place is the first line of a stack that is neither the engine's nor tfjs's", () => {
  const stack = [
    "Error: at /not/a/frame.ts:1:2",
    `    at Recorder.readSync (${process.cwd()}/lib/engine/recorder.ts:10:2)`,
    "    at mul_ (/x/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js:1:2)",
    "    at Engine.runKernel (/x/tfjs-core/src/engine.ts:3:4)",
    "    at node:internal/main:1:1",
    "    at Object.<anonymous> (file:///data/My%20Step.ts:7:9)",
    "    at /elsewhere.ts:1:1",
  ].join("\n");
  expect(placeIn(stack)).toBe("/data/My Step.ts:7:9");
  expect(placeIn("Error: nothing")).toBeUndefined();
  expect(placeIn(`Error\n    at step (${process.cwd()}/lib/model/layers.ts:3:4)`)).toBe("lib/model/layers.ts:3:4");
});
