import { expect, test } from "vitest";
import { failuresOf, relativeDifference, worstGradient } from "../../bench/clip-python/checks";

test("a difference is a share of the norm of Python's values", () => {
  expect(relativeDifference([3, 4.05], [3, 4])).toBeCloseTo(0.01, 12);
  expect(relativeDifference([3, 4], [3, 4])).toBe(0);
  expect(relativeDifference([0], [0])).toBe(0);
  expect(relativeDifference([1e-9], [2e-9], 1)).toBeCloseTo(1e-9, 15);
  expect(relativeDifference([1], [Number.NaN])).toBe(Number.POSITIVE_INFINITY);
});

test("values that are missing or more than Python's are no agreement", () => {
  expect(() => relativeDifference(undefined, [1])).toThrow("ours has undefined values, Python's has 1");
  expect(() => relativeDifference([1, 2], [1])).toThrow("ours has 2 values");
});

test("the worst gradient is found; a key's bias is compared by the size of its weight's", () => {
  const names = ["q_proj.weight", "k_proj.weight", "k_proj.bias"];
  const theirs = { "q_proj.weight": [1, 0], "k_proj.weight": [10, 0], "k_proj.bias": [1e-8] };
  const ours = { "q_proj.weight": [1, 1e-5], "k_proj.weight": [10, 1e-6], "k_proj.bias": [-1e-8] };
  const worst = worstGradient(names, ours, theirs);
  expect(worst.name).toBe("q_proj.weight");
  expect(worst.difference).toBeCloseTo(1e-5, 12);
  expect(worstGradient(names, { ...ours, "k_proj.bias": [1] }, theirs).name).toBe("k_proj.bias");
  expect(worstGradient(names, { ...ours, "k_proj.weight": [Number.NaN, 0] }, theirs).name).toBe("k_proj.weight");
});

test("what is beyond its bound fails, and so does what is no number", () => {
  const check = { what: "crop: loss", bound: 1e-4 };
  expect(failuresOf([{ ...check, difference: 1e-4 }])).toEqual([]);
  expect(failuresOf([{ ...check, difference: 2e-4 }])).toEqual(["crop: loss: 2.0e-4, allowed 1e-4"]);
  expect(failuresOf([{ ...check, difference: Number.NaN }])).toHaveLength(1);
});
