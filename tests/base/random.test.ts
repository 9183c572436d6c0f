import { expect, test } from "vitest";
import { hashSeed, permutation, random } from "../../lib/base/random";

test("a stream depends on its name alone", () => {
  const draw = (...name: (string | number)[]) => Array.from({ length: 5 }, random(...name).uniform);
  expect(draw(1, "mixup", 7)).toEqual(draw(1, "mixup", 7));
  expect(draw(1, "mixup", 7)).not.toEqual(draw(1, "mixup", 8));
});

test("hashSeed is FNV-1a", () => {
  expect(hashSeed("a")).toBe(0xe40c292c);
  expect(hashSeed("foobar")).toBe(0xbf9cf968);
});

test("uniform and normal have the right moments", () => {
  const source = random(6, "moments");
  const moments = (draw: () => number) => {
    const values = Array.from({ length: 100_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
  };
  const [uniformMean, uniformVariance] = moments(source.uniform);
  const [normalMean, normalVariance] = moments(source.normal);
  expect(uniformMean).toBeCloseTo(0.5, 1.5);
  expect(uniformVariance).toBeCloseTo(1 / 12, 2);
  expect(normalMean).toBeCloseTo(0, 1.5);
  expect(normalVariance).toBeCloseTo(1, 1);
});

test("integers cover their range evenly", () => {
  const source = random(4, "integers");
  const counts = new Array<number>(7).fill(0);
  for (let draw = 0; draw < 7_000; draw++) {
    const value = source.integer(7);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(880);
});

test("a permutation holds every number once and moves them", () => {
  const order = [...permutation(100, random(5, "order", 0))];
  expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(order).not.toEqual(order.toSorted((a, b) => a - b));
});
