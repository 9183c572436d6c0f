import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { clipByGlobalNorm } from "../../lib/training/step";

// The engine registers a backend of its own; plain arithmetic runs on this one.
beforeAll(() => tf.setBackend("cpu"));

const gradients = [
  [3, -4],
  [12, 0],
];
const clip = (maxNorm: number) =>
  clipByGlobalNorm(
    gradients.map((gradient) => tf.tensor1d(gradient)),
    maxNorm,
  );

test("gradients above the bound shrink together to it", () => {
  const { clipped, norm } = clip(1);
  expect(norm.dataSync()[0]).toBeCloseTo(13, 5);
  const values = clipped.map((gradient) => [...gradient.dataSync()]);
  for (const [i, gradient] of gradients.entries())
    for (const [j, number] of gradient.entries()) expect(values[i]?.[j]).toBeCloseTo(number / (13 + 1e-6), 6);
});

test("gradients below the bound stay as they are", () => {
  const { clipped } = clip(14);
  expect(clipped.map((gradient) => [...gradient.dataSync()])).toEqual(gradients);
});
