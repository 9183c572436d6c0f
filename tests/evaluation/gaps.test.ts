import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { type EvaluationJson, evaluate, summaryLines, toJson } from "../../lib/evaluation";
import { plantedWorld } from "./world";

const { data } = plantedWorld({ channels: { train: 10, validation: 4, test: 7 }, noise: 1 });
const source = random(5, "gaps test");
const scores = Float64Array.from(data.videos, (video) => Math.log(video.proxy) + 1.5 * source.normal());
const report = evaluate({ data, scores, ctr: scores, seed: 3, resamples: 300 });

/** Pairs of the test fold whose winner has `from` to `to` times the loser's views, straight from the videos. */
function naivePairs(from: number, to: number): [number, number][] {
  const test = [...data.videos.keys()].filter((row) => data.videos[row]?.fold === "test");
  const pairs = test.flatMap((a) => test.map((b): [number, number] => [a, b]));
  return pairs.filter(([a, b]) => {
    const [winner, loser] = [data.videos[a], data.videos[b]];
    if (winner?.channelId !== loser?.channelId) return false;
    const ratio = (winner?.proxy ?? 0) / (loser?.proxy ?? 1);
    return ratio > 1 && ratio >= from && ratio < to;
  });
}

const share = (pairs: [number, number][], of: (row: number) => number) =>
  pairs.filter(([winner, loser]) => of(winner) > of(loser)).length / pairs.length;
const scoreOf = (row: number) => scores[row] as number;
const timeOf = (row: number) => (data.videos[row]?.publishedAt.getTime() ?? 0) as number;

test("each band holds the pairs whose views lie so far apart, with the AUC of model and baselines on them", () => {
  const bounds = [1, 1.3, 1.8, 2.9, 5.6, Number.POSITIVE_INFINITY];
  expect(report.channel.gaps.map(({ from, to }) => [from, to])).toEqual(
    bounds.slice(1).map((to, i) => [bounds[i], to]),
  );
  for (const { from, to, ...gap } of report.channel.gaps) {
    const pairs = naivePairs(from, to);
    expect(gap.pairs).toBe(pairs.length);
    expect(gap.channels).toBe(new Set(pairs.map(([row]) => data.videos[row]?.channelId)).size);
    expect(gap.pairwiseAuc.value).toBeCloseTo(share(pairs, scoreOf), 12);
    expect(gap.baselines.newer.value).toBeCloseTo(share(pairs, timeOf), 12);
    expect(gap.pairwiseAuc.low).toBeLessThan(gap.pairwiseAuc.value);
    expect(gap.pairwiseAuc.high).toBeGreaterThan(gap.pairwiseAuc.value);
  }
  const counted = report.channel.gaps.reduce((sum, { pairs }) => sum + pairs, 0);
  expect(counted).toBe(report.channel.pairs);
});

test("decided pairs are those of at least three times the views, and easier than narrow ones", () => {
  const pairs = naivePairs(3, Number.POSITIVE_INFINITY);
  const { decided, gaps } = report.channel;
  expect(decided).toMatchObject({ from: 3, pairs: pairs.length });
  expect(decided.pairwiseAuc.value).toBeCloseTo(share(pairs, scoreOf), 12);
  expect(decided.pairwiseAuc.value).toBeGreaterThan((gaps[0]?.pairwiseAuc.value ?? 1) + 0.2);
});

test("a winner over a video without any views is in the last band", () => {
  const margins = data.pairs.test.margins.map(() => 1);
  const { channel } = evaluate({
    data: { ...data, pairs: { ...data.pairs, test: { ...data.pairs.test, margins } } },
    scores,
    ctr: scores,
    seed: 3,
    resamples: 20,
  });
  expect(channel.gaps.map(({ pairs }) => pairs)).toEqual([0, 0, 0, 0, channel.pairs]);
  expect(channel.gaps[0]?.pairwiseAuc.value).toBeNaN();
});

test("baselines too have an AUC in which each channel counts the same", () => {
  const { channelResults, baselines } = report.channel;
  const mean = channelResults.reduce((sum, channel) => sum + channel.baselines.newer, 0) / channelResults.length;
  expect(baselines.newer.pairwiseAucByChannel.value).toBeCloseTo(mean, 12);
  const json: EvaluationJson = JSON.parse(JSON.stringify(toJson(report)));
  expect(json.test.pairwiseAucByChannel.value).toBe(report.channel.metrics.pairwiseAucByChannel.value);
  expect(json.baselines.newer.pairwiseAucByChannel.value).toBeCloseTo(mean, 12);
});

test("the summary has a row for each way of counting, the json no bound that is not a number", () => {
  const text = summaryLines(report).join("\n");
  const { metrics, gaps, decided } = report.channel;
  expect(text).toContain("each channel the same");
  for (const figure of [metrics.pairwiseAucByChannel, ...gaps.map((gap) => gap.pairwiseAuc), decided.pairwiseAuc])
    expect(text).toContain(figure.value.toFixed(3));
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  const { decided: last, gaps: bands } = toJson(report).splits.channel;
  expect(last).toMatchObject({ from: 3, to: null });
  expect(bands).toMatchObject(gaps.map(({ from, to }) => ({ from, to: Number.isFinite(to) ? to : null })));
});
