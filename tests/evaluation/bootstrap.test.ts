import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { bootstrap, bootstrapSums, drawGroups } from "../../lib/evaluation/bootstrap";
import { selectPart } from "../../lib/evaluation/groups";
import * as statistics from "../../lib/evaluation/statistics";
import * as metrics from "../../lib/metrics";
import { plantedWorld } from "./world";

const { data } = plantedWorld({ noise: 1 });
const part = selectPart(data, data.pairs.test, (row) => data.videos[row]?.fold === "test");
const source = random(3, "bootstrap test");
const scores = Float64Array.from(data.videos, (video) => Math.round(2 * Math.log(video.proxy) + 2 * source.normal()));
const others = Float64Array.from(data.videos, () => source.normal());

/** The part's data with each channel written out as often as it was drawn. */
function writtenOut(counts: Int32Array) {
  const copies = part.channels.flatMap((_, channel) =>
    Array.from({ length: counts[channel] as number }, () => channel),
  );
  const rows = copies.map((channel) => [...part.rows].filter((row) => part.channelOf[row] === channel));
  const pairs = copies.flatMap((channel) =>
    Array.from(part.pairs.winners, (winner, at) => [winner, part.pairs.losers[at] as number] as const).filter(
      ([winner]) => part.channelOf[winner] === channel,
    ),
  );
  return { rows, pairs: { winners: pairs.map(([winner]) => winner), losers: pairs.map(([, loser]) => loser) } };
}

const draws = drawGroups(part.channels.length, 25, random(5, "draws"));

test("a draw takes as many groups as there are, with replacement", () => {
  for (const counts of draws) expect(counts.reduce((sum, count) => sum + count, 0)).toBe(part.channels.length);
  expect(draws.some((counts) => counts.includes(0))).toBe(true);
  expect(drawGroups(6, 3, random(1, "x"))).toEqual(drawGroups(6, 3, random(1, "x")));
});

test("statistics on a resample equal the metric of the data written out", () => {
  const targets = data.ctrTargets;
  for (const counts of draws) {
    const { rows, pairs } = writtenOut(counts);
    const flat = rows.flat();
    const at = (values: ArrayLike<number>, list: number[]) => list.map((row) => values[row] as number);
    const auc = metrics.pairwiseAuc(scores, pairs);
    expect(statistics.aucStatistic(part, scores)(counts)).toBeCloseTo(auc, 10);
    expect(statistics.aucDifference(part, scores, others)(counts)).toBeCloseTo(
      auc - metrics.pairwiseAuc(others, pairs),
      10,
    );
    const pearson = metrics.pearson(at(scores, flat), at(targets, flat));
    expect(statistics.pearsonStatistic(part, scores, targets)(counts)).toBeCloseTo(pearson, 10);
    const pooled = metrics.spearman(at(scores, flat), at(targets, flat));
    expect(statistics.pooledSpearman(part, scores, targets)(counts)).toBeCloseTo(pooled, 10);
    const within = rows.map((list) => metrics.spearman(at(scores, list), at(targets, list)));
    const averaged = statistics.meanOverChannels(statistics.spearmanByChannel(part, scores, targets));
    expect(averaged(counts)).toBeCloseTo(metrics.mean(within), 10);
    const best = metrics.pairwiseAuc(
      data.videos.map((video) => video.proxy),
      pairs,
    );
    const proxies = data.videos.map((video) => video.proxy);
    expect(statistics.recoveredStatistic(part, scores, proxies)(counts)).toBeCloseTo((auc - 0.5) / (best - 0.5), 10);
    const sums = statistics.calibrationByChannel(part, scores, { slope: 0.8, pairs: 1 });
    const written = metrics.calibrationSums(scores, pairs, { slope: 0.8, pairs: 1 });
    for (const figure of [metrics.brierScore, metrics.logLoss, metrics.expectedCalibrationError]) {
      expect(bootstrapSums(sums, metrics.CALIBRATION_SUMS, figure)(counts)).toBeCloseTo(figure(written), 10);
    }
  }
});

test("channels with fewer than three videos or a constant score are left out of the mean, not counted as 0", () => {
  const constant = scores.map((score, row) => (part.channelOf[row] === 0 ? 1 : score));
  const byChannel = statistics.spearmanByChannel(part, constant, data.ctrTargets);
  expect(byChannel[0]).toBeNaN();
  const ones = new Int32Array(part.channels.length).fill(1);
  expect(statistics.meanOverChannels(byChannel)(ones)).toBeCloseTo(metrics.mean(byChannel.slice(1)), 12);
  const two = selectPart(data, data.pairs.test, (row) => row === part.rows[0] || row === part.rows[1]);
  expect(statistics.spearmanByChannel(two, scores, data.ctrTargets)).toEqual([Number.NaN]);
});

test("the interval covers the truth about as often as it promises", () => {
  const covered = Array.from({ length: 200 }, (_, world) => {
    const own = random(world, "coverage");
    const groups = Float64Array.from({ length: 40 }, () => own.normal());
    const sums = Float64Array.from([...groups].flatMap((value) => [value, 1]));
    const statistic = bootstrapSums(sums, 2, (total) => (total[0] as number) / (total[1] as number));
    const { low, high } = bootstrap(statistic, 40, drawGroups(40, 300, own));
    return low <= 0 && 0 <= high;
  }).filter(Boolean).length;
  expect(covered / 200).toBeGreaterThan(0.88);
  expect(covered / 200).toBeLessThan(0.99);
});

test("there is no interval for one group, for an undefined figure, or where most resamples are undefined", () => {
  const figure = () => 0.7;
  expect(bootstrap(figure, 1, drawGroups(1, 10, source))).toEqual({ value: 0.7, low: Number.NaN, high: Number.NaN });
  expect(bootstrap(() => Number.NaN, 5, drawGroups(5, 10, source)).value).toBeNaN();
  const onlyWhole = (counts: Int32Array) => (counts.every((count) => count === 1) ? 0.7 : Number.NaN);
  expect(bootstrap(onlyWhole, 8, drawGroups(8, 50, source))).toEqual({ value: 0.7, low: Number.NaN, high: Number.NaN });
});
