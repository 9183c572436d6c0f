import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { openEngine } from "../../lib/engine";

const engine = await openEngine({ backend: "cpu" });
const X = Float32Array.of(3, 1, 4, 1.5, 9, 2.5, 6, 5, 3.5, 8, 7, 0);
const SHAPE = [2, 3, 2];
const WEIGHTS = X.map((_, at) => Math.sin(at + 1));

/** d sum(f(x) * weights) / dx by central differences. */
function slopes(f: (x: Float32Array) => number): number[] {
  return Array.from(X, (value, at) => {
    const [up, down] = [0.01, -0.01].map((step) => f(X.with(at, value + step))) as [number, number];
    return (up - down) / 0.02;
  });
}

async function expectGradient(f: (x: tf.Tensor) => tf.Tensor): Promise<void> {
  const weighted = (x: tf.Tensor) => {
    const y = f(x);
    return tf.sum(tf.mul(y, tf.tensor(WEIGHTS.slice(0, y.size), y.shape))) as tf.Scalar;
  };
  const [found] = await engine.jit((x) => [tf.grad(weighted)(x as tf.Tensor)], { shape: SHAPE })(X);
  const at = (x: Float32Array) => tf.tidy(() => weighted(tf.tensor(x, SHAPE)).dataSync()[0] as number);
  slopes(at).forEach((slope, index) => {
    expect(found?.[index], `entry ${index}`).toBeCloseTo(slope, 2);
  });
}

test.each([0, 1, 2])("the gradient of a running sum along axis %i is its slope", async (axis) => {
  for (const exclusive of [false, true])
    for (const reverse of [false, true]) await expectGradient((x) => tf.cumsum(x, axis, exclusive, reverse));
});

test("the gradient of topk is the slope of its values", () =>
  expectGradient((x) => tf.topk(tf.transpose(x, [0, 2, 1]), 2).values));
