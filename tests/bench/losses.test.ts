import { expect, test } from "vitest";
import { compareLosses, LossesDiffer, type Values } from "../../bench/training/losses";

const ours: Values[] = [
  [0.1, 0.2, 0.3, 2],
  [0.09, 0.19, 0.29, 1.9],
];
/** Ours with one number changed in the last step. */
const changed = (at: number, by: number): Values[] => [
  ours[0] as Values,
  (ours[1] as Values).map((value, place) => (place === at ? value + by : value)) as unknown as Values,
];

test("rounding passes, and the largest difference is told", () => {
  expect(compareLosses("peer", 16, ours, ours)).toBe(0);
  expect(compareLosses("peer", 16, ours, changed(1, 4e-6))).toBeCloseTo(4e-6, 9);
  expect(compareLosses("peer", 16, ours, changed(3, 1e-3))).toBe(0);
});

test("a loss or a gradient norm of other mathematics fails, and names step and contender", () => {
  for (const at of [0, 1, 2])
    for (const by of [3e-5, -3e-5])
      expect(() => compareLosses("peer", 16, ours, changed(at, by))).toThrow(/peer .* batch 16: in step 1 /);
  expect(() => compareLosses("peer", 16, ours, changed(3, 0.05))).toThrow(LossesDiffer);
});

test("products of bfloat16 may differ by more, other mathematics still fails", () => {
  expect(compareLosses("thumbrank-bfloat16", 16, ours, changed(1, 1e-3))).toBeCloseTo(1e-3, 9);
  expect(compareLosses("thumbrank-bfloat16", 16, ours, changed(3, 0.05))).toBe(0);
  expect(() => compareLosses("thumbrank-bfloat16", 16, ours, changed(1, 5e-3))).toThrow(LossesDiffer);
  expect(() => compareLosses("thumbrank-bfloat16", 16, ours, changed(3, 0.5))).toThrow(LossesDiffer);
});

test("what is no number, or a step too few, fails", () => {
  for (const at of [0, 3]) expect(() => compareLosses("peer", 16, ours, changed(at, Number.NaN))).toThrow(LossesDiffer);
  expect(() => compareLosses("peer", 16, ours, ours.slice(1))).toThrow("1 steps of 2");
  expect(() => compareLosses("peer", 16, [], [])).toThrow("0 steps");
});
