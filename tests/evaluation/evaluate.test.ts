import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { evaluate, toJson } from "../../lib/evaluation";
import { fitCalibration } from "../../lib/metrics";
import { pairwiseAuc } from "../../lib/metrics/ranking";
import { plantedWorld } from "./world";

const { data, appeal } = plantedWorld({ channels: { train: 12, validation: 5, test: 8 } });
const source = random(4, "evaluate test");
const truth = Float64Array.from(data.videos, (video) => appeal.get(video.videoId) as number);
const scores = Float32Array.from(truth, (value) => value + 0.5 * source.normal());
const ctr = Float32Array.from(scores, (score) => 1 / (1 + Math.exp(-score)));
const input = { data, scores, ctr, seed: 7, resamples: 200 };
const report = evaluate({ ...input, trueAppeal: appeal });

test("the headline is the share of test pairs in order, and its interval holds it", () => {
  const { pairwiseAuc: auc } = report.channel.metrics;
  expect(auc.value).toBeCloseTo(pairwiseAuc(scores, data.pairs.test), 12);
  expect(auc.low).toBeLessThan(auc.value);
  expect(auc.high).toBeGreaterThan(auc.value);
  expect(report.time.metrics.pairwiseAuc.value).toBeCloseTo(pairwiseAuc(scores, data.pairs.time), 12);
});

test("each split counts only its own videos", () => {
  const count = (fold: string) => data.videos.filter((video) => video.fold === fold).length;
  expect(report.channel).toMatchObject({ channels: 8, videos: count("test"), pairs: data.pairs.test.winners.length });
  expect(report.time).toMatchObject({ channels: 12, videos: count("time"), pairs: data.pairs.time.winners.length });
  expect(report.folds.train.pairs).toBe(data.pairs.train.winners.length);
  expect(report.folds.train.pairwiseAuc).toBeCloseTo(pairwiseAuc(scores, data.pairs.train), 12);
});

test("baselines: chance, publication date, and fits on the halves and on the whole", () => {
  const { random: chance, newer, titleOnly, imageOnly, logistic } = report.channel.baselines;
  expect(Math.abs(chance.pairwiseAuc.value - 0.5)).toBeLessThan(0.1);
  const times = data.videos.map((video) => video.publishedAt.getTime());
  expect(newer.pairwiseAuc.value).toBeCloseTo(pairwiseAuc(times, data.pairs.test), 12);
  expect(logistic.pairwiseAuc.value).toBeGreaterThan(0.7);
  expect(logistic.pairwiseAuc.value).toBeGreaterThan(
    Math.max(titleOnly.pairwiseAuc.value, imageOnly.pairwiseAuc.value),
  );
});

test("the advantage over a baseline is paired: none at all over scores of the same order", () => {
  const same = evaluate({ ...input, scores: Float64Array.from(data.videos, (video) => video.publishedAt.getTime()) });
  expect(same.channel.baselines.newer.advantage).toEqual({ value: 0, low: 0, high: 0 });
  const { random: chance, titleOnly } = report.channel.baselines;
  const auc = report.channel.metrics.pairwiseAuc.value;
  expect(titleOnly.advantage.value).toBeCloseTo(auc - titleOnly.pairwiseAuc.value, 12);
  expect(titleOnly.advantage.low).toBeGreaterThan(0);
  expect(chance.advantage.value).toBeCloseTo(auc - 0.5, 12);
});

test("the true appeal has an AUC of its own, and the model a share of its signal", () => {
  const best = pairwiseAuc(truth, data.pairs.test);
  expect(report.channel.trueAppeal?.pairwiseAuc.value).toBeCloseTo(best, 12);
  const auc = report.channel.metrics.pairwiseAuc.value;
  expect(report.channel.trueAppeal?.recovered.value).toBeCloseTo((auc - 0.5) / (best - 0.5), 12);
  expect(report.synthetic).toBe(true);
  expect(evaluate(input)).toMatchObject({ synthetic: false, channel: { trueAppeal: null } });
});

test("niches and channels partition the pairs; channels without a niche are unknown", () => {
  const { niches, channelResults, pairs } = report.channel;
  expect(niches.map(({ niche }) => niche)).toEqual(["beauty", "gaming", "tech", "unknown"]);
  expect(niches.reduce((sum, niche) => sum + niche.pairs, 0)).toBe(pairs);
  expect(channelResults.reduce((sum, channel) => sum + channel.pairs, 0)).toBe(pairs);
  const mean = channelResults.reduce((sum, channel) => sum + channel.pairwiseAuc.value, 0) / channelResults.length;
  expect(report.channel.metrics.pairwiseAucByChannel.value).toBeCloseTo(mean, 12);
  for (const { pairwiseAuc: auc } of channelResults) expect(auc.high - auc.low).toBeGreaterThan(0.02);
});

test("each channel has its own AUC of every baseline", () => {
  const times = data.videos.map((video) => video.publishedAt.getTime());
  for (const { channelId, baselines } of report.channel.channelResults) {
    const own = Array.from(data.pairs.test.winners.keys()).filter(
      (pair) => data.videos[data.pairs.test.winners[pair] as number]?.channelId === channelId,
    );
    const right = own.filter(
      (pair) =>
        (times[data.pairs.test.winners[pair] as number] ?? 0) > (times[data.pairs.test.losers[pair] as number] ?? 0),
    );
    expect(baselines.newer).toBeCloseTo(right.length / own.length, 12);
    expect(Object.keys(baselines)).toEqual(["random", "newer", "titleOnly", "imageOnly", "logistic"]);
  }
  const { channelResults, baselines, pairs } = report.channel;
  const pooled = channelResults.reduce((sum, channel) => sum + channel.pairs * channel.baselines.logistic, 0) / pairs;
  expect(pooled).toBeCloseTo(baselines.logistic.pairwiseAuc.value, 12);
});

test("best pairs are right, worst are wrong, surest first, no video twice", () => {
  for (const [pairs, right] of [
    [report.channel.bestPairs, true],
    [report.channel.worstPairs, false],
  ] as const) {
    expect(pairs).toHaveLength(8);
    const sureness = pairs.map(({ probability }) => Math.abs(probability - 0.5));
    expect(sureness).toEqual(sureness.toSorted((a, b) => b - a));
    expect(pairs.every(({ probability }) => probability > 0.5 === right)).toBe(true);
    expect(new Set(pairs.flatMap(({ winner, loser }) => [winner, loser])).size).toBe(16);
    for (const { winner, loser } of pairs)
      expect(data.videos[winner]?.proxy).toBeGreaterThan(data.videos[loser]?.proxy ?? 0);
  }
});

test("the effective number of channels counts unequal ones for less", () => {
  expect(report.channel.effectiveChannels).toBeCloseTo(8, 12);
  const keep = (row: number) =>
    data.videos[row]?.channelId !== "test-0" || Number(data.videos[row]?.videoId.split("-")[2]) < 4;
  const { winners, losers } = data.pairs.test;
  const kept = Array.from(winners.keys()).filter(
    (pair) => keep(winners[pair] as number) && keep(losers[pair] as number),
  );
  const test = {
    ...data.pairs.test,
    winners: winners.filter((_, pair) => kept.includes(pair)),
    losers: losers.filter((_, pair) => kept.includes(pair)),
    margins: data.pairs.test.margins.filter((_, pair) => kept.includes(pair)),
  };
  const { channel } = evaluate({ ...input, data: { ...data, pairs: { ...data.pairs, test } } });
  // 7 channels of 190 pairs and one of 6.
  expect(channel.effectiveChannels).toBeCloseTo((7 * 190 + 6) ** 2 / (7 * 190 ** 2 + 36), 9);
});

test("probabilities are calibrated on validation pairs alone", () => {
  const of = (rows: Int32Array) => Float32Array.from(rows, (row) => scores[row] as number);
  const { winners, losers } = data.pairs.validation;
  const { slope, fittedOn } = report.channel.calibration;
  expect(slope).toBe(fitCalibration(of(winners), of(losers)).slope);
  expect(fittedOn).toBe(winners.length);
  expect(report.channel.calibration.expectedError.value).toBeLessThan(0.1);
});

test("the same input gives the same report, another seed other intervals", () => {
  expect(evaluate({ ...input, trueAppeal: appeal })).toEqual(report);
  const other = evaluate({ ...input, seed: 8 });
  expect(other.channel.metrics.pairwiseAuc.value).toBe(report.channel.metrics.pairwiseAuc.value);
  expect(other.channel.metrics.pairwiseAuc.low).not.toBe(report.channel.metrics.pairwiseAuc.low);
});

test("json has the promised shape and survives a round trip", () => {
  const json = toJson(report);
  expect(Object.keys(json)).toEqual(["test", "baselines", "trueAppeal", "splits", "viewsUnits"]);
  expect(Object.keys(json.test)).toEqual(["pairwiseAuc", "pairwiseAucByChannel", "spearman", "ctrCorrelation"]);
  expect(Object.keys(json.baselines)).toEqual(["random", "newer", "titleOnly", "imageOnly", "logistic"]);
  expect(Object.keys(json.splits)).toEqual(["channel", "time"]);
  expect(json.splits.channel.pairwiseAuc).toEqual(json.test.pairwiseAuc);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(toJson(evaluate(input))).not.toHaveProperty("trueAppeal");
});

test("an empty split says null, not a number", () => {
  const empty = plantedWorld({ channels: { train: 6, validation: 0, test: 0 } });
  const ones = new Float32Array(empty.data.videos.length).fill(0.5);
  const json = toJson(evaluate({ data: empty.data, scores: ones, ctr: ones, seed: 1, resamples: 50 }));
  const none = { value: null, low: null, high: null };
  expect(json.test).toEqual({
    pairwiseAuc: none,
    pairwiseAucByChannel: none,
    spearman: none,
    ctrCorrelation: none,
  });
  expect(json.baselines.logistic).toEqual({ pairwiseAuc: none, pairwiseAucByChannel: none });
  expect(json.splits.time.pairwiseAuc).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  expect(json.splits.time.spearman).toEqual(none);
});

test("predictions that do not fit the data are refused with a code", () => {
  expect(() => evaluate({ ...input, scores: scores.slice(1) })).toThrow(
    expect.objectContaining({ code: "EVALUATION_ROWS_MISMATCH" }),
  );
  const broken = scores.slice();
  broken[3] = Number.NaN;
  expect(() => evaluate({ ...input, scores: broken })).toThrow(
    expect.objectContaining({ code: "EVALUATION_NOT_FINITE" }),
  );
  expect(() => evaluate({ ...input, trueAppeal: new Map() })).toThrow(
    expect.objectContaining({ code: "EVALUATION_APPEAL_MISSING" }),
  );
});
