import { expect, test } from "vitest";
import { pairwiseAuc, pearson } from "../../lib/metrics/ranking";

test("pairwise AUC counts won pairs, and ties half", () => {
  const scores = Float32Array.of(3, 1, 2, 2);
  expect(pairwiseAuc(scores, { winners: [0, 1, 2, 0], losers: [1, 2, 3, 2] })).toBe((1 + 0 + 0.5 + 1) / 4);
});

test("no pairs have no AUC", () => {
  expect(pairwiseAuc(Float32Array.of(1), { winners: [], losers: [] })).toBeNaN();
});

test("Pearson's correlation equals its textbook value", () => {
  const x = [1, 2, 3, 4, 5];
  const y = [4, 6, 5.5, 8, 9];
  const n = 5;
  const sum = (f: (i: number) => number) => [0, 1, 2, 3, 4].reduce((total, i) => total + f(i), 0);
  const sx = sum((i) => x[i] as number);
  const sy = sum((i) => y[i] as number);
  const sxy = sum((i) => (x[i] as number) * (y[i] as number));
  const sxx = sum((i) => (x[i] as number) ** 2);
  const syy = sum((i) => (y[i] as number) ** 2);
  const textbook = (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  expect(pearson(x, y)).toBeCloseTo(textbook, 12);
  expect(
    pearson(
      x,
      x.map((value) => -2 * value),
    ),
  ).toBeCloseTo(-1, 12);
});

test("what does not vary correlates with nothing", () => {
  expect(pearson([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(pearson([], [])).toBeNaN();
});
