import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Engine } from "../../lib/engine";
import { openEngine } from "../../lib/engine";
import { kernels } from "../../lib/engine/kernels";
import { hasTensorFlow } from "./available";
import { cases } from "./cases";
import { compare } from "./cases/compare";

/** What tfjs's wasm backend does otherwise or not at all, most often a gradient. */
const NOT_ON_WASM = [
  "cast to bool",
  "einsum",
  "conv2d valid",
  "conv2d same, strides",
  "conv2d padded by a number",
  "conv2d padded at each side",
  "conv2d of patches",
  "conv2d, channels first",
  "conv2dTranspose",
  "fused conv2d",
  "depthwiseConv2d",
  "fused depthwiseConv2d",
  "conv3d",
  "dilation2d",
  "maxPool valid",
  "maxPool same",
  "maxPool padded by a number",
  "maxPoolWithArgmax",
  "a block of a vision transformer",
  "what fine-tuning a vision transformer asks of operations",
];

describe("kernels on wasm", () => {
  const engines: Engine[] = [];
  beforeAll(async () => {
    engines.push(await openEngine({ backend: "wasm" }), await openEngine({ backend: "cpu" }));
  });

  test.each(cases.filter(({ name }) => !NOT_ON_WASM.includes(name)))(
    "$name equals tfjs's CPU backend, gradients too",
    (each) => compare(engines, each),
  );
});

describe.skipIf(!hasTensorFlow)("compiled kernels (needs TensorFlow's library)", () => {
  const called = new Set<string>();
  let compiled: Engine;
  let truth: Engine;

  beforeAll(async () => {
    compiled = await openEngine({ backend: "tensorflow" });
    truth = await openEngine({ backend: "cpu" });
    const run = tf.engine().runKernel.bind(tf.engine());
    vi.spyOn(tf.engine(), "runKernel").mockImplementation((name, inputs, attributes) => {
      if (tf.getBackend().startsWith("tensorflow-graph")) called.add(name);
      return run(name, inputs, attributes);
    });
  });
  afterAll(() => {
    vi.restoreAllMocks();
    compiled.dispose();
    truth.dispose();
  });

  test.each(cases)("$name equals tfjs's CPU backend, gradients too", (each) => compare([compiled, truth], each));

  test("every kernel that can be compiled was compared above", () => {
    const ours = ["StatelessRandomUniform", "TanhGrad"];
    expect(Object.keys(kernels).filter((name) => !called.has(name) && !ours.includes(name))).toEqual([]);
  });
});
