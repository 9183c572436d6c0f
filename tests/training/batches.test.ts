import { expect, test } from "vitest";
import { batchSizes, epochOrder, makeBatch } from "../../lib/training/batches";

const ten = Int32Array.from(Array(10).keys());
const set = {
  winners: ten.map((pair) => pair + 100),
  losers: ten.map((pair) => pair + 200),
  margins: new Float32Array(10).fill(0.5),
  weights: Float32Array.from(ten, (pair) => 1 + pair),
};

test("the rest of an epoch is a batch of its own, and only a single pair is left out", () => {
  expect(batchSizes(35, 16)).toEqual([16, 16, 3]);
  expect(batchSizes(32, 16)).toEqual([16, 16]);
  expect(batchSizes(33, 16)).toEqual([16, 16]);
  expect(batchSizes(5, 16)).toEqual([5]);
  expect(batchSizes(1, 16)).toEqual([]);
  expect(batchSizes(8, 1)).toEqual([]);
});

test("an epoch's order is a permutation that differs by epoch and by seed, and repeats", () => {
  const order = epochOrder(50, 3, 4);
  expect([...order].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  expect(epochOrder(50, 3, 4)).toEqual(order);
  expect(epochOrder(50, 3, 5)).not.toEqual(order);
  expect(epochOrder(50, 4, 4)).not.toEqual(order);
});

test("a batch stacks winners over losers and mixes winners with winners, losers with losers", () => {
  const batch = makeBatch(set, Int32Array.of(4, 7, 1), { mixupAlpha: 0.3, seed: 1 }, 9);
  expect([...batch.rows]).toEqual([104, 107, 101, 204, 207, 201]);
  const winners = batch.partners.slice(0, 3);
  const losers = batch.partners.slice(3);
  expect(new Set(winners)).toEqual(new Set([0, 1, 2]));
  expect([...losers]).toEqual([...winners].map((partner) => partner + 3));
});

test("a mixed pair weighs as its two parts", () => {
  const { lambda, partners, pairWeights } = makeBatch(set, Int32Array.of(4, 7, 1), { mixupAlpha: 0.3, seed: 1 }, 9);
  const own = [5, 8, 2];
  for (const [place, weight] of own.entries())
    expect(pairWeights[place]).toBeCloseTo(
      lambda * weight + (1 - lambda) * (own[partners[place] as number] as number),
      5,
    );
});

test("dropout masks differ from step to step and repeat with the step", () => {
  const seedAt = (step: number, seed = 1) => makeBatch(set, ten, { mixupAlpha: 0.3, seed }, step).dropoutSeed;
  expect(seedAt(5)).toBe(seedAt(5));
  expect(new Set([seedAt(5), seedAt(6), seedAt(5, 2)]).size).toBe(3);
});
