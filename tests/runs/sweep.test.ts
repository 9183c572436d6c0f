import { expect, test } from "vitest";
import { TrainingOptions } from "../../lib/config";
import { chooseFromSweep, planSweep, type SweepPoint, summarizeSweep } from "../../lib/runs";

const resolve = (settings: Record<string, unknown>) => TrainingOptions.parse(settings);
const RATES = { key: "learningRate", values: [1e-5, 0.00005] };

test("a grid is every combination with every seed, the seeds of one in a row, each with a readable name", () => {
  const runs = planSweep(
    "s",
    { axes: [RATES, { key: "pairWeights", values: ["equal", "sqrt"] }], seeds: [0, 1] },
    resolve,
  );
  expect(runs.map(({ name }) => name)).toEqual([
    "s-lr1e-5-pair-weightsequal-seed0",
    "s-lr1e-5-pair-weightsequal-seed1",
    "s-lr1e-5-pair-weightssqrt-seed0",
    "s-lr1e-5-pair-weightssqrt-seed1",
    "s-lr5e-5-pair-weightsequal-seed0",
    "s-lr5e-5-pair-weightsequal-seed1",
    "s-lr5e-5-pair-weightssqrt-seed0",
    "s-lr5e-5-pair-weightssqrt-seed1",
  ]);
  expect(runs[5]).toMatchObject({
    label: "lr=5e-5 pair-weights=equal",
    options: { learningRate: 5e-5, pairWeights: "equal", seed: 1, epochs: 200 },
  });
});

test("seeds alone and settings alone are grids too", () => {
  expect(planSweep("s", { axes: [], seeds: [3, 4] }, resolve).map(({ name }) => name)).toEqual(["s-seed3", "s-seed4"]);
  const [run] = planSweep("s", { axes: [RATES], seeds: [] }, resolve);
  expect([run?.name, run?.options.seed]).toEqual(["s-lr1e-5", 0]);
});

test("nothing is planned if one value is refused, the grid is too large, or a name too long", () => {
  const plan = (values: unknown[], name = "s") =>
    planSweep(name, { axes: [{ key: "epochs", values }], seeds: [] }, resolve);
  expect(() => plan([1, -1])).toThrow(/epochs/);
  expect(() => plan(Array.from({ length: 101 }, (_, epochs) => epochs + 1))).toThrow(/101 runs, more than 100/);
  expect(() => plan([1], "x".repeat(60))).toThrow(/68 characters/);
});

test("the table has mean and sample standard deviation of the validation AUC over seeds", () => {
  const runs = planSweep("s", { axes: [RATES], seeds: [0, 1, 2] }, resolve);
  const aucs = [0.5, 0.52, 0.57, 0.6, null, 0.62];
  const points = summarizeSweep(runs.map((run, at) => ({ ...run, valAuc: aucs[at] ?? null })));
  expect(points.map(({ label }) => label)).toEqual(["lr=1e-5", "lr=5e-5"]);
  expect(points[0]?.mean).toBeCloseTo(0.53, 12);
  // R: sd(c(0.5, 0.52, 0.57)), sd(c(0.6, 0.62))
  expect(points[0]?.sd).toBeCloseTo(0.03605551, 7);
  expect(points[1]?.sd).toBeCloseTo(0.01414214, 7);
  expect(points[1]?.runs.map(({ valAuc }) => valAuc)).toEqual([0.6, null, 0.62]);
  expect(summarizeSweep(runs.slice(0, 1).map((run) => ({ ...run, valAuc: 0.5 })))[0]?.sd).toBeNull();
});

test("the highest mean is chosen, beside those that the spread does not tell apart from it", () => {
  const point = (label: string, mean: number | null, sd: number | null): SweepPoint => ({
    settings: {},
    label,
    runs: [],
    mean,
    sd,
  });
  const found = chooseFromSweep([
    point("far", 0.5, 0.01),
    point("best", 0.58, 0.01),
    point("close", 0.56, 0.03),
    point("none", null, null),
  ]);
  expect(found?.chosen.label).toBe("best");
  expect(found?.close.map(({ label }) => label)).toEqual(["close"]);
  expect(chooseFromSweep([point("none", null, null)])).toBeNull();
});
