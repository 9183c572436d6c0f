import { expect, test } from "vitest";
import { clock } from "../../bench/production/clock";
import { hoursOf, partsOf } from "../../bench/production/extrapolate";
import { aboveChance, fallOf } from "../../bench/production/learning";
import { random } from "../../lib/base/random";
import type { RunEvent } from "../../lib/runs";

const PLAN = { epochs: 4, averagedEpochs: 1, stepsPerEpoch: 100, checkpointMinutes: 5, keptEpochs: 2 };
const PARTS = { step: 1, validation: 10, averagedEpoch: 20, checkpoint: 3, finish: 30 };

test("every part counts as often as a whole training has it", () => {
  const once = 4 * 100 * 1 + 3 * 10 + 1 * 20 + 2 * 3 + 30;
  expect(hoursOf(PARTS, PLAN) * 3600).toBeCloseTo(once + (once / 300) * 3, 9);
});

test("the parts are means; the first epoch's validation, which compiles, is left out where there is another", () => {
  const seconds = { step: [1, 3], epoch: [50, 7, 9, 20], checkpoint: [2, 4], finish: [5] };
  const parts = { step: 2, validation: 8, averagedEpoch: 20, checkpoint: 3, finish: 5 };
  expect(partsOf({ seconds, losses: [], valAuc: null })).toEqual(parts);
  expect(partsOf({ seconds: { ...seconds, epoch: [50, 20] }, losses: [], valAuc: null }).validation).toBe(50);
});

test("the clock gives the time before each event to its part", async () => {
  const kinds = ["notice", "step", "step", "checkpoint", "epoch"] as const;
  async function* events() {
    for (const kind of kinds) yield { kind, total: 0.5, valAuc: 0.6 } as unknown as RunEvent;
  }
  const { seconds, losses, valAuc } = await clock(events());
  const counts = Object.entries(seconds).map(([part, times]) => [part, times.length]);
  expect(Object.fromEntries(counts)).toEqual({ step: 2, epoch: 1, checkpoint: 1, finish: 1 });
  expect([losses, valAuc]).toEqual([[0.5, 0.5], 0.6]);
});

test("a loss falls by more than chance, or does not", () => {
  const { normal } = random("fall");
  const losses = (slope: number) =>
    Array.from({ length: 5000 }, (_, step) => 1 - (slope * step) / 5000 + 0.1 * normal());
  expect(fallOf(losses(0.1))).toMatchObject({ falls: true });
  expect(fallOf(losses(0)).falls).toBe(false);
  expect(fallOf(losses(-0.1)).falls).toBe(false);
  expect(fallOf(losses(0)).error).toBeCloseTo(0.1 * Math.sqrt(2 / 1000), 3);
});

test("an AUC is above chance by its standard error, 0.5 divided by the root of the pairs", () => {
  expect(aboveChance(0.55, 400).errors).toBeCloseTo(2, 9);
  expect(aboveChance(0.6, 400).isAbove).toBe(true);
  expect(aboveChance(0.5, 1e6).isAbove).toBe(false);
  expect(aboveChance(null, 400).isAbove).toBe(false);
});
