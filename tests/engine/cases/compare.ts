import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import { random } from "../../../lib/base/random";
import type { Engine, TypedArray } from "../../../lib/engine";
import type { Case } from "./case";

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

function close(given: Float32Array, truth: Float32Array, tolerance: number): void {
  expect(given.length).toBe(truth.length);
  given.forEach((value, index) => {
    const expected = truth[index] as number;
    if (Number.isNaN(expected)) expect(value).toBeNaN();
    else if (!Number.isFinite(expected)) expect(value).toBe(expected);
    else expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
  });
}

/** Runs a case on both engines; the second one has the truth. */
export async function compare(engines: Engine[], each: Case, tolerance = 1e-5): Promise<void> {
  const step = withGradients(each);
  const inputs = inputsOf(each);
  const [given, expected] = await Promise.all(engines.map((engine) => engine.jit(step, ...each.specs)(...inputs)));
  expect(given?.length).toBe(expected?.length);
  given?.forEach((values, index) => {
    close(values, expected?.[index] as Float32Array, tolerance);
  });
}
