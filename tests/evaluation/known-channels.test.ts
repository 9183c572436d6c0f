import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { evaluate, summaryLines, toJson } from "../../lib/evaluation";
import { pairwiseAuc } from "../../lib/metrics";
import { plantedWorld } from "./world";

const { data, appeal } = plantedWorld({ channels: { train: 9, validation: 3, test: 3 } });
const source = random(8, "known channels test");
const truth = Float64Array.from(data.videos, ({ videoId }) => appeal.get(videoId) as number);
const scores = truth.map((value) => value + 2 * source.normal());
const better = truth.map((value) => value + 0.5 * source.normal());
const channels = new Set(["train-0", "train-1", "train-2", "train-3", "train-4"]);
const known = { scores: better, channels };
const report = evaluate({ data, scores, ctr: scores, seed: 2, resamples: 300, known });

test("known channels: global scores and those with offsets on the same later pairs, and their paired difference", () => {
  const { winners, losers } = data.pairs.time;
  const own = Array.from(winners, (winner, pair) => ({ winner, loser: losers[pair] as number })).filter(({ winner }) =>
    channels.has(data.videos[winner]?.channelId ?? ""),
  );
  const pairs = { winners: own.map(({ winner }) => winner), losers: own.map(({ loser }) => loser) };
  const { knownChannels: found } = report;
  expect(found).toMatchObject({ channels: 5, pairs: own.length });
  expect(found?.global.pairwiseAuc.value).toBeCloseTo(pairwiseAuc(scores, pairs), 12);
  expect(found?.withOffset.pairwiseAuc.value).toBeCloseTo(pairwiseAuc(better, pairs), 12);
  const difference = pairwiseAuc(better, pairs) - pairwiseAuc(scores, pairs);
  expect(found?.difference.pairwiseAuc.value).toBeCloseTo(difference, 12);
  expect(found?.difference.pairwiseAuc.low).toBeGreaterThan(0);
  const { global, withOffset, difference: gap } = found as NonNullable<typeof found>;
  const each = withOffset.pairwiseAucByChannel.value - global.pairwiseAucByChannel.value;
  expect(gap.pairwiseAucByChannel.value).toBeCloseTo(each, 12);
});

test("they are reported apart: nothing else changes", () => {
  const { knownChannels: _, ...others } = report;
  const { knownChannels: none, ...same } = evaluate({ data, scores, ctr: scores, seed: 2, resamples: 300 });
  expect(others).toEqual(same);
  expect(none).toBeNull();
  expect(toJson(report)).toHaveProperty("knownChannels.difference.pairwiseAuc.value");
  expect(summaryLines(report).join("\n")).toContain("with the channel's offset");
});
