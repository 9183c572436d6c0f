import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { winProbability } from "../../lib/metrics";
import {
  brierScore,
  calibrationSums,
  expectedCalibrationError,
  logLoss,
  reliabilityBins,
} from "../../lib/metrics/calibration";
import {
  ascending,
  midRanks,
  pairwiseAuc,
  pearson,
  quantile,
  spearman,
  weightedMidRanks,
} from "../../lib/metrics/ranking";

const source = random(11, "metrics test");
const ROWS = 60;
/** Few distinct values, so that ties are common. */
const tied = Float64Array.from({ length: ROWS }, () => source.integer(8));
const smooth = Float64Array.from({ length: ROWS }, (_, row) => (tied[row] as number) + 2 * source.normal());
const pairs = {
  winners: Int32Array.from({ length: 300 }, () => source.integer(ROWS)),
  losers: Int32Array.from({ length: 300 }, () => source.integer(ROWS)),
};

/** Ranks by counting, for each value, how many are below and how many equal. */
function naiveRanks(values: ArrayLike<number>): number[] {
  const list = Array.from(values);
  return list.map((value) => {
    const below = list.filter((other) => other < value).length;
    const equal = list.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Pearson by the definition: mean product of standardised values. */
function naivePearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const standardised = (values: ArrayLike<number>) => {
    const list = Array.from(values);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
    return list.map((value) => (value - mean) / deviation);
  };
  const a = standardised(x);
  const b = standardised(y);
  return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0) / a.length;
}

test("pairwise AUC equals the loop over pairs, ties counting one half", () => {
  const weights = Float64Array.from(pairs.winners, () => source.uniform());
  let plain = 0;
  let weighted = 0;
  let total = 0;
  for (let pair = 0; pair < 300; pair++) {
    const gap = (tied[pairs.winners[pair] as number] as number) - (tied[pairs.losers[pair] as number] as number);
    const credit = gap > 0 ? 1 : gap === 0 ? 0.5 : 0;
    plain += credit / 300;
    weighted += credit * (weights[pair] as number);
    total += weights[pair] as number;
  }
  expect(pairwiseAuc(tied, pairs)).toBeCloseTo(plain, 12);
  expect(pairwiseAuc(tied, pairs, weights)).toBeCloseTo(weighted / total, 12);
});

test("pairwise AUC is not defined without pairs, one half for a constant score, and not hidden by NaN", () => {
  expect(pairwiseAuc(tied, { winners: [], losers: [] })).toBeNaN();
  expect(pairwiseAuc(new Float32Array(ROWS), pairs)).toBe(0.5);
  expect(pairwiseAuc([Number.NaN, 1], { winners: [0], losers: [1] })).toBeNaN();
});

test("mid-ranks equal counting, also with ties", () => {
  expect(Array.from(midRanks(tied))).toEqual(naiveRanks(tied));
  expect(Array.from(midRanks([]))).toEqual([]);
});

test("weighted mid-ranks equal the ranks of the list written out", () => {
  const counts = Array.from(tied, () => source.integer(4));
  const copies = counts.flatMap((count, at) => Array.from({ length: count }, () => at));
  const written = naiveRanks(copies.map((at) => tied[at] as number));
  const ranks = weightedMidRanks(tied, ascending(tied), counts);
  expect(copies.map((at) => ranks[at])).toEqual(written);
});

test("pearson and spearman equal their definitions", () => {
  expect(pearson(tied, smooth)).toBeCloseTo(naivePearson(tied, smooth), 12);
  expect(spearman(tied, smooth)).toBeCloseTo(naivePearson(naiveRanks(tied), naiveRanks(smooth)), 12);
  const counts = Array.from(tied, () => source.integer(3));
  const copies = counts.flatMap((count, at) => Array.from({ length: count }, () => at));
  const x = copies.map((at) => tied[at] as number);
  const y = copies.map((at) => smooth[at] as number);
  expect(pearson(tied, smooth, counts)).toBeCloseTo(naivePearson(x, y), 12);
});

test("correlations are not defined where a side is constant or there are fewer than two points", () => {
  const constant = new Float64Array(ROWS).fill(0.1);
  expect(pearson(constant, smooth)).toBeNaN();
  expect(spearman(smooth, constant)).toBeNaN();
  expect(pearson([1], [2])).toBeNaN();
  expect(pearson([], [])).toBeNaN();
});

test("pearson keeps precision far from zero, as with publication times", () => {
  const times = smooth.map((value) => 1.6e12 + value);
  expect(pearson(times, tied)).toBeCloseTo(pearson(smooth, tied), 3);
  expect(
    pearson(
      smooth,
      smooth.map((value) => -value),
    ),
  ).toBe(-1);
});

test("calibration equals the loop over both orders of each pair", () => {
  const slope = 0.7;
  const sums = calibrationSums(smooth, pairs, { slope, pairs: 300 });
  let brier = 0;
  let loss = 0;
  const bins = Array.from({ length: 10 }, () => ({ predicted: [] as number[], won: [] as number[] }));
  for (let pair = 0; pair < 300; pair++) {
    const w = smooth[pairs.winners[pair] as number] as number;
    const l = smooth[pairs.losers[pair] as number] as number;
    for (const [a, b, outcome] of [
      [w, l, 1],
      [l, w, 0],
    ] as const) {
      const p = 1 / (1 + Math.exp(-slope * (a - b)));
      brier += (p - outcome) ** 2 / 600;
      loss += -(outcome * Math.log(p) + (1 - outcome) * Math.log(1 - p)) / 600;
      if (p < 0.5 || (p === 0.5 && outcome === 0)) continue;
      const bin = bins.find((_, at) => p < 0.5 + 0.05 * (at + 1) - 1e-12) ?? bins[9];
      bin?.predicted.push(p);
      bin?.won.push(p === 0.5 ? 0.5 : outcome);
    }
  }
  expect(brierScore(sums)).toBeCloseTo(brier, 12);
  expect(logLoss(sums)).toBeCloseTo(loss, 12);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const error = bins
    .filter((bin) => bin.won.length > 0)
    .reduce((sum, bin) => sum + (bin.won.length / 300) * Math.abs(mean(bin.won) - mean(bin.predicted)), 0);
  expect(expectedCalibrationError(sums)).toBeCloseTo(error, 12);
  for (const [at, bin] of reliabilityBins(sums).entries()) {
    const naive = bins[at] as (typeof bins)[number];
    expect(bin.pairs).toBe(naive.won.length);
    if (bin.pairs === 0) expect(bin.observed).toBeNaN();
    else expect(bin.observed).toBeCloseTo(mean(naive.won), 12);
  }
});

test("a calibrated probability has a small calibration error, an overconfident one a large", () => {
  const scores = Float64Array.from({ length: 4000 }, () => source.normal());
  const order = Array.from({ length: 2000 }, (_, at) => {
    const a = 2 * at;
    const b = 2 * at + 1;
    return source.uniform() < winProbability({ slope: 1, pairs: 0 }, scores[a] as number, scores[b] as number)
      ? [a, b]
      : [b, a];
  });
  const drawn = { winners: order.map(([a]) => a as number), losers: order.map(([, b]) => b as number) };
  expect(expectedCalibrationError(calibrationSums(scores, drawn, { slope: 1, pairs: 2000 }))).toBeLessThan(0.04);
  expect(expectedCalibrationError(calibrationSums(scores, drawn, { slope: 6, pairs: 2000 }))).toBeGreaterThan(0.15);
  expect(brierScore(calibrationSums(scores, drawn, { slope: 0, pairs: 2000 }))).toBe(0.25);
});

test("log loss stays finite where the probability rounds to 0, and nothing is defined without pairs", () => {
  expect(logLoss(calibrationSums([-1000, 1000], { winners: [0], losers: [1] }, { slope: 1, pairs: 1 }))).toBe(2000);
  const none = calibrationSums([], { winners: [], losers: [] }, { slope: 1, pairs: 0 });
  for (const figure of [expectedCalibrationError, brierScore, logLoss]) expect(figure(none)).toBeNaN();
});

test("quantiles lie linearly between neighbours", () => {
  expect(quantile([1, 2, 3, 4, 5], 0.5)).toBe(3);
  expect(quantile([0, 10], 0.025)).toBeCloseTo(0.25, 12);
});
