import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { labelsText } from "../../lib/cli/pairs";
import { labelTrends } from "../../lib/evaluation";
import { mean, spearman } from "../../lib/metrics";
import type { VideoLabels } from "../../lib/store";

const source = random("labels of videos");

/** Five channels of eight videos, one channel of two; measured between readings in the first two alone. */
const videos = Array.from({ length: 42 }, (_, number): VideoLabels => {
  const channel = number < 40 ? number % 5 : 5;
  const time = source.uniform();
  return {
    channelId: `channel${channel}`,
    countUnit: "engaged",
    publishedAt: new Date(Date.UTC(2026, 0, 1) + Math.round(time * 1e10)),
    ageHours: 1000 * source.uniform(),
    proxies: {
      viewsPerHour: time,
      ageAdjusted: source.uniform(),
      residual: source.normal(),
      snapshots: channel < 2 ? source.uniform() : null,
    },
    ctrTargets: { neighbours: source.uniform(), channel: time },
  };
});

test("correlations are means over channels of three videos or more, for the videos that have the label", () => {
  const trends = labelTrends(videos, 0);
  expect(trends.map(({ name, videos, channels }) => [name, videos, channels])).toEqual([
    ["viewsPerHour", 42, 5],
    ["ageAdjusted", 42, 5],
    ["residual", 42, 5],
    ["snapshots", 16, 2],
    ["neighbours", 42, 5],
    ["channel", 42, 5],
  ]);
  const channels = [0, 1, 2, 3, 4].map((channel) =>
    videos.filter(({ channelId }) => channelId === `channel${channel}`),
  );
  const naive = (x: (video: VideoLabels) => number, y: (video: VideoLabels) => number) =>
    mean(channels.map((own) => spearman(own.map(x), own.map(y))));
  const time = ({ publishedAt }: VideoLabels) => publishedAt.getTime();
  const residual = ({ proxies }: VideoLabels) => proxies.residual ?? Number.NaN;
  expect(trends[2]?.uploadTime.mean.value).toBeCloseTo(naive(residual, time), 12);
  expect(trends[2]?.age.mean.value).toBeCloseTo(
    naive(residual, ({ ageHours }) => ageHours),
    12,
  );
  expect(trends[0]?.uploadTime).toEqual({ mean: { value: 1, low: 1, high: 1 }, tenth: 1, ninetieth: 1 });
  const { mean: estimate, tenth, ninetieth } = trends[1]?.uploadTime ?? {};
  expect(estimate?.low).toBeLessThan(estimate?.value ?? Number.NaN);
  expect(tenth).toBeLessThan(ninetieth ?? Number.NaN);
});

test("they are shown in one table, and a label that no video has is a dash", () => {
  const text = labelsText(labelTrends(videos, 0));
  expect(text).toMatch(/proxy +viewsPerHour +42 +5 +1\.00 \(1\.00 to 1\.00\)/);
  expect(text).toMatch(/CTR target +neighbours +42 +5/);
  const none = labelsText(labelTrends([], 0));
  expect(none).toMatch(/snapshots +0 +0 +-/);
});
