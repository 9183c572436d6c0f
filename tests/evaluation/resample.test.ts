import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { evaluate, resampledAucs } from "../../lib/evaluation";
import { pairwiseAuc } from "../../lib/metrics/ranking";
import { plantedWorld } from "./world";

const { data } = plantedWorld({ noise: 1 });
const source = random(2, "resample test");
const scores = Float64Array.from(data.videos, (video) => Math.log(video.proxy) + source.normal());
const report = evaluate({ data, scores, ctr: scores, seed: 3, resamples: 300 });

test("resampled channels are those the report takes its interval from, in both splits", () => {
  for (const split of ["channel", "time"] as const) {
    const { aucs, low, high } = resampledAucs(data, scores, { split, by: "channel", seed: 3, resamples: 300 });
    const { pairwiseAuc: auc } = report[split].metrics;
    expect(aucs).toHaveLength(300);
    expect([low, high]).toEqual([auc.low, auc.high]);
  }
});

test("single pairs drawn as if independent centre on the same AUC", () => {
  const { aucs, low, high } = resampledAucs(data, scores, { split: "channel", by: "pair", seed: 3, resamples: 300 });
  const auc = pairwiseAuc(scores, data.pairs.test);
  const pairs = data.pairs.test.winners.length;
  const mean = aucs.reduce((sum, value) => sum + value, 0) / aucs.length;
  expect(mean).toBeCloseTo(auc, 2);
  // Of independent pairs the normal approximation holds: 2 x 1.96 standard errors wide.
  const width = 2 * 1.96 * Math.sqrt((auc * (1 - auc)) / pairs);
  expect((high - low) / width).toBeGreaterThan(0.8);
  expect((high - low) / width).toBeLessThan(1.2);
});

test("channels whose scores are worth different amounts vary more than their pairs seem to", () => {
  const uneven = scores.map((score, row) => (Number(data.videos[row]?.channelId.at(-1)) % 2 === 0 ? score : -score));
  const width = (by: "channel" | "pair") => {
    const { low, high } = resampledAucs(data, uneven, { split: "channel", by, seed: 3, resamples: 300 });
    return high - low;
  };
  expect(width("channel")).toBeGreaterThan(3 * width("pair"));
});

test("of a fold without pairs nothing can be drawn, and the figures say so", () => {
  const none = plantedWorld({ channels: { train: 3, validation: 1, test: 0 } });
  const zeros = new Float64Array(none.data.videos.length);
  for (const by of ["channel", "pair"] as const) {
    const { aucs } = resampledAucs(none.data, zeros, { split: "channel", by, seed: 1, resamples: 5 });
    expect([...aucs].every(Number.isNaN)).toBe(true);
  }
});
