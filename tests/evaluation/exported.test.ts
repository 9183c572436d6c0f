import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { evaluateExported, summaryLines, toJson } from "../../lib/evaluation";
import { pairwiseAuc } from "../../lib/metrics";
import { plantedWorld } from "./world";

const { data, appeal } = plantedWorld({ channels: { train: 6, validation: 3, test: 4 } });
const source = random(6, "exported test");
const scores = Float64Array.from(data.videos, (video) => (appeal.get(video.videoId) as number) + 0.3 * source.normal());
const predictions = { scores, ctr: scores };
const model = { name: "first", calibration: { slope: 3, pairs: 500 }, dataHash: "a".repeat(64) };
const FOLDS = ["train", "validation", "test", "time"] as const;

/** The pairs of all folds whose channel is not among `known`. */
function naivePairs(known: string[]) {
  const pairs = FOLDS.flatMap((fold) => {
    const { winners, losers } = data.pairs[fold];
    return Array.from(winners, (winner, pair) => ({ winner, loser: losers[pair] as number }));
  }).filter(({ winner }) => !known.includes(data.videos[winner]?.channelId as string));
  return { winners: pairs.map(({ winner }) => winner), losers: pairs.map(({ loser }) => loser) };
}

test("an exported model is measured on the pairs of all folds, with its own calibration", () => {
  const { channel, time, folds } = evaluateExported({
    model: { ...model, trainingChannels: [] },
    data,
    predictions,
    resamples: 50,
  });
  expect(channel.pairs).toBe(naivePairs([]).winners.length);
  expect(channel.metrics.pairwiseAuc.value).toBeCloseTo(pairwiseAuc(scores, naivePairs([])), 12);
  expect(channel.channels).toBe(13);
  expect(channel.calibration).toMatchObject({ slope: 3, fittedOn: 500 });
  expect([time.pairs, folds.train.pairs]).toEqual([0, 0]);
  expect(channel.baselines.newer.pairwiseAuc.value).toBeGreaterThan(0);
  // It would be evaluated on the pairs it was fitted on.
  expect(channel.baselines.logistic.pairwiseAuc.value).toBeNaN();
});

test("channels it was trained on are left out and named", () => {
  const trainingChannels = ["train-1", "validation-0", "test-2", "elsewhere"];
  const report = evaluateExported({ model: { ...model, trainingChannels }, data, predictions, resamples: 50 });
  const pairs = naivePairs(trainingChannels);
  expect(report.channel.pairs).toBe(pairs.winners.length);
  expect(report.channel.metrics.pairwiseAuc.value).toBeCloseTo(pairwiseAuc(scores, pairs), 12);
  expect(report.channel.channelResults.map(({ channelId }) => channelId)).not.toContain("train-1");
  const exported = { name: "first", trainingChannels: 4, refusedChannels: ["train-1", "validation-0", "test-2"] };
  expect(toJson(report).exported).toMatchObject(exported);
  expect(summaryLines(report).join("\n")).toContain("but 3 channels it was trained on");
});

test("a model that knows every channel is refused, one that names none is measured and says so", () => {
  const trainingChannels = [...new Set(data.videos.map(({ channelId }) => channelId))];
  expect(() => evaluateExported({ model: { ...model, trainingChannels }, data, predictions })).toThrow(
    expect.objectContaining({ code: "EVALUATION_CHANNELS_KNOWN" }),
  );
  const { exported } = evaluateExported({ model, data, predictions, resamples: 20 });
  expect(exported).toMatchObject({ trainingChannels: null, refusedChannels: [] });
});
