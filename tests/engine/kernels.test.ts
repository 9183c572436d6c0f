import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Engine, TypedArray } from "../../lib/engine";
import { openEngine } from "../../lib/engine";
import { kernels } from "../../lib/engine/kernels";
import { random } from "../../lib/random";
import { hasTensorFlow } from "./available";
import { type Case, cases } from "./cases";

/** What a case is fed: the same on every engine. */
function inputsOf({ name, specs, range = [-2, 2], below = 3 }: Case): TypedArray[] {
  const source = random("kernels", name);
  return specs.map(({ shape, dtype }) => {
    const size = tf.util.sizeFromShape(shape as number[]);
    if (dtype === "int32") return Int32Array.from({ length: size }, () => source.integer(below));
    return Float32Array.from({ length: size }, () => range[0] + (range[1] - range[0]) * source.uniform());
  });
}

/** The results, and the gradients of their weighted sum with respect to the float inputs. */
function withGradients({ run, specs, gradient = true }: Case): (...inputs: tf.Tensor[]) => tf.Tensor[] {
  const floats = specs.flatMap(({ dtype }, index) => (dtype === "int32" ? [] : [index]));
  return (...inputs) => {
    const results = [run(...inputs)].flat();
    if (!gradient || floats.length === 0) return results;
    const weighted = (...some: tf.Tensor[]) => {
      const all = inputs.map((input, index) => some[floats.indexOf(index)] ?? input);
      return tf.addN([run(...all)].flat().map(weightedSum));
    };
    return [...results, ...tf.grads(weighted)(floats.map((index) => inputs[index] as tf.Tensor))];
  };
}

function weightedSum(x: tf.Tensor): tf.Tensor {
  const weights = Float32Array.from({ length: x.size }, (_, index) => Math.sin(index + 1));
  return tf.sum(tf.mul(x, tf.tensor(weights, x.shape)));
}

function close(given: Float32Array, truth: Float32Array): void {
  expect(given.length).toBe(truth.length);
  given.forEach((value, index) => {
    const expected = truth[index] as number;
    if (Number.isNaN(expected)) expect(value).toBeNaN();
    else if (!Number.isFinite(expected)) expect(value).toBe(expected);
    else expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)));
  });
}

async function compare(engines: Engine[], each: Case): Promise<void> {
  const [step, inputs] = [withGradients(each), inputsOf(each)];
  const [given, expected] = await Promise.all(engines.map((engine) => engine.jit(step, ...each.specs)(...inputs)));
  expect(given?.length).toBe(expected?.length);
  given?.forEach((values, index) => {
    close(values, expected?.[index] as Float32Array);
  });
}

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
