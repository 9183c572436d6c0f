import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { fitCalibration, winProbability } from "../../lib/metrics";

/** Winners and losers of pairs whose outcome follows a logistic of known slope. */
function pairsOf(
  slope: number,
  count: number,
  ...seed: (string | number)[]
): { winners: Float32Array; losers: Float32Array } {
  const source = random("calibration", ...seed);
  const winners = new Float32Array(count);
  const losers = new Float32Array(count);
  for (let pair = 0; pair < count; pair++) {
    const a = source.normal();
    const b = source.normal();
    const wins = source.uniform() < 1 / (1 + Math.exp(-slope * (a - b)));
    [winners[pair], losers[pair]] = wins ? [a, b] : [b, a];
  }
  return { winners, losers };
}

/** The slope of greatest likelihood, by halving the interval that holds it. */
function naiveLikeliest(winners: Float32Array, losers: Float32Array): number {
  const differences = [...winners].map((winner, pair) => winner - (losers[pair] as number));
  let [low, high] = [0, 1000];
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2;
    const rising = differences.reduce((sum, difference) => sum + difference / (1 + Math.exp(middle * difference)), 0);
    if (rising > 0) low = middle;
    else high = middle;
  }
  return low;
}

test("the slope that made the outcomes is found again", () => {
  for (const slope of [0.3, 2, 8]) {
    const { winners, losers } = pairsOf(slope, 40_000, slope);
    expect(fitCalibration(winners, losers).slope / slope).toBeCloseTo(1, 1);
  }
});

test("a slope of 10.5 is found among scores so far apart that nearly every pair is certain", () => {
  for (const spread of [0.3, 1, 3]) {
    const { winners, losers } = pairsOf(10.5 * spread, 40_000, "steep", spread);
    const apart = (scores: Float32Array) => scores.map((score) => score * spread);
    const { slope } = fitCalibration(apart(winners), apart(losers));
    expect(Math.abs(slope - 10.5)).toBeLessThan(0.4);
  }
});

test("with thousands of pairs it is the slope of greatest likelihood", () => {
  for (const steepness of [0.3, 1.5, 10.5]) {
    const { winners, losers } = pairsOf(steepness, 4000, "likelihood", steepness);
    const { slope } = fitCalibration(winners, losers);
    expect(Math.abs(slope / naiveLikeliest(winners, losers) - 1)).toBeLessThan(0.01);
  }
});

test("no other slope on a fine grid is likelier under Jeffreys' prior", () => {
  const { winners, losers } = pairsOf(1.5, 300, "grid");
  const differences = [...winners].map((winner, pair) => winner - (losers[pair] as number));
  const won = (slope: number, difference: number) => 1 / (1 + Math.exp(-slope * difference));
  const naive = (slope: number) => {
    const p = differences.map((difference) => won(slope, difference));
    const likelihood = p.reduce((sum, value) => sum + Math.log(value), 0);
    const information = p.reduce(
      (sum, value, pair) => sum + (differences[pair] as number) ** 2 * value * (1 - value),
      0,
    );
    return likelihood + Math.log(information) / 2;
  };
  const { slope } = fitCalibration(winners, losers);
  for (let other = slope - 0.5; other < slope + 0.5; other += 0.01)
    expect(naive(other)).toBeLessThanOrEqual(naive(slope) + 1e-9);
});

test("on small samples its mean is nearer to the truth than that of the greatest likelihood", () => {
  const samples = Array.from({ length: 200 }, (_, sample) => pairsOf(3, 60, "small", sample));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const fitted = mean(samples.map(({ winners, losers }) => fitCalibration(winners, losers).slope));
  const likeliest = mean(samples.map(({ winners, losers }) => naiveLikeliest(winners, losers)));
  expect(Math.abs(fitted - 3)).toBeLessThan(0.15);
  expect(likeliest).toBeGreaterThan(3.15);
});

test("a weight counts as so many equal pairs", () => {
  const { winners, losers } = pairsOf(1, 50, "weights");
  const twice = (scores: Float32Array) => Float32Array.from([...scores, ...scores]);
  const weighted = fitCalibration(winners, losers, new Float32Array(50).fill(2));
  expect(weighted.slope).toBeCloseTo(fitCalibration(twice(winners), twice(losers)).slope, 8);
});

test("scores in another unit give the same probabilities", () => {
  const { winners, losers } = pairsOf(1, 200, "unit");
  const tiny = (scores: Float32Array) => scores.map((score) => score / 1e4);
  const plain = fitCalibration(winners, losers);
  const scaled = fitCalibration(tiny(winners), tiny(losers));
  expect(winProbability(scaled, 1e-4, 0)).toBeCloseTo(winProbability(plain, 1, 0), 5);
});

test("winners that always score higher leave a finite slope, losers that do leave none", () => {
  const high = new Float32Array(1000).fill(1);
  const low = new Float32Array(1000);
  const { slope } = fitCalibration(high, low);
  // Of p^1000 (p (1 - p))^(1/2) the largest is at p = 1000.5 / 1001.
  expect(slope).toBeCloseTo(Math.log(2001), 3);
  expect(fitCalibration(low, high).slope).toBe(0);
});

test("no pairs, or equal scores, say nothing", () => {
  expect(fitCalibration(new Float32Array(0), new Float32Array(0))).toEqual({ slope: 0, pairs: 0 });
  expect(fitCalibration(new Float32Array(3), new Float32Array(3))).toEqual({ slope: 0, pairs: 3 });
});

test("probabilities of a pair and of its swap add up to 1", () => {
  const calibration = { slope: 3, pairs: 1 };
  for (const difference of [0, 0.1, 5, 500])
    expect(winProbability(calibration, difference, 0) + winProbability(calibration, 0, difference)).toBeCloseTo(1, 12);
});
