import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { scoreQuantiles } from "../../lib/deployment";
import { percentile, quantiles } from "../../lib/deployment/percentile";
import type { Fold } from "../../lib/store";

test("quantiles equal sorting and taking, where they fall on values", () => {
  expect(quantiles([5, 1, 3], 2)).toEqual([1, 3, 5]);
  expect(quantiles([5, 1, 3], 4)).toEqual([1, 2, 3, 4, 5]);
  expect(quantiles([7], 4)).toEqual([7, 7, 7, 7, 7]);
  expect(quantiles([-10, 9, 2], 1)).toEqual([-10, 10 - 1]);
});

test("a percentile is the share of scores below, counted naively", () => {
  const source = random("percentile");
  const scores = Array.from({ length: 2000 }, () => source.normal());
  const steps = quantiles(scores, 100);
  for (let score = -3; score < 3; score += 0.13) {
    const below = (100 * scores.filter((other) => other < score).length) / scores.length;
    expect(Math.abs(percentile(score, steps) - below)).toBeLessThan(1);
  }
});

test("beyond both ends it is 0 and 100, among equal scores their middle", () => {
  expect([-2, -1, 1, 2].map((score) => percentile(score, [-1, 0, 1]))).toEqual([0, 0, 100, 100]);
  expect(percentile(5, [5, 5, 5])).toBe(50);
  expect(percentile(0, [-1, 0, 0, 0, 1])).toBe(50);
});

test("a score never has a lower percentile than a smaller one", () => {
  const steps = [-1, -1, -0.5, 0, 0, 0, 0.2, 1, 1];
  const places = Array.from({ length: 301 }, (_, index) => percentile(index / 100 - 1.5, steps));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("all comes from validation videos, a channel's own from all its videos, few make none", () => {
  const fold = (row: number): Fold => (row % 2 === 0 ? "train" : "validation");
  const videos = Array.from({ length: 25 }, (_, row) => ({ channelId: row < 20 ? "big" : "small", fold: fold(row) }));
  const { all, channels } = scoreQuantiles(
    videos,
    Float32Array.from(videos, (_, row) => row),
  );
  expect([all.length, all[0], all.at(-1)]).toEqual([101, 1, 23]);
  expect(Object.keys(channels)).toEqual(["big"]);
  expect([channels.big?.length, channels.big?.[0], channels.big?.at(-1)]).toEqual([21, 0, 19]);
});
