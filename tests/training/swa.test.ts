import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import type { Weights } from "../../lib/model";
import { average, type WeightAverage } from "../../lib/training/finish";

test("the running average equals the mean of all epochs' weights", () => {
  const source = random("swa");
  const epochs: Weights[] = Array.from({ length: 7 }, () => ({
    a: { shape: [3], values: Float32Array.from({ length: 3 }, () => source.normal()) },
    b: { shape: [2, 2], values: Float32Array.from({ length: 4 }, () => 100 * source.normal()) },
  }));
  const end = epochs.reduce<WeightAverage>(average, { count: 0, weights: {} });
  expect(end.count).toBe(7);
  for (const name of ["a", "b"])
    end.weights[name]?.values.forEach((value, at) => {
      const naive = epochs.reduce((sum, weights) => sum + (weights[name]?.values[at] as number), 0) / 7;
      expect(value).toBeCloseTo(naive, 4);
    });
});

test("the average of one epoch is that epoch, as a copy", () => {
  const weights = { a: { shape: [1], values: Float32Array.of(5) } };
  const { weights: averaged } = average({ count: 0, weights: {} }, weights);
  weights.a.values[0] = 6;
  expect(averaged.a?.values[0]).toBe(5);
});
