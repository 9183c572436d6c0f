import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { percentiles } from "../../lib/features";
import { auxiliaryTargets, countTrueCtrTargets, ctrTargets } from "../../lib/features/targets";
import { planted } from "../training/planted";

const [video] = planted({ perChannel: 1 }).videos;
const videoOf = (channelId: string, ctrProxy: number, trueCtr: number | null) => ({
  ...(video as NonNullable<typeof video>),
  channelId,
  ctrProxy,
  trueCtr,
});

test("a percentile is the share below, ties and itself counting half", () => {
  const values = [3, 1, 2, 2, 9];
  const naive = values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return (below + equal / 2) / values.length;
  });
  expect(percentiles(values)).toEqual(naive);
  expect(percentiles([])).toEqual([]);
});

test("true CTRs of five videos rank their channel; the others keep the proxy", () => {
  const owned = [0.02, 0.08, 0.04, 0.01, 0.05].map((ctr) => videoOf("owned", 0.5, ctr));
  const few = [0.3, 0.6].map((ctr) => videoOf("few", 0.25, ctr));
  const videos = [...owned, videoOf("owned", 0.75, null), ...few, videoOf("foreign", 0.125, null)];
  const expected = [0.3, 0.9, 0.5, 0.1, 0.7, 0.75, 0.25, 0.25, 0.125];
  for (const [row, target] of ctrTargets(videos, "channel").entries())
    expect(target).toBeCloseTo(expected[row] as number, 6);
  expect(countTrueCtrTargets(videos, "channel")).toBe(5);
});

test("neighbours: true CTRs are ranked within their fold, the others keep the percentile among their neighbours", () => {
  const train = [0.02, 0.08, 0.04, 0.01, 0.05].map((ctr) => ({ ...videoOf("owned", 0.5, ctr), ctrNeighbours: 0.375 }));
  const later = [0.9, 0.8].map((ctr) => ({
    ...videoOf("owned", 0.5, ctr),
    fold: "time" as const,
    ctrNeighbours: 0.375,
  }));
  const videos = [...train, ...later, { ...videoOf("owned", 0.75, null), ctrNeighbours: 0.875 }];
  const expected = [0.3, 0.9, 0.5, 0.1, 0.7, 0.375, 0.375, 0.875];
  for (const [row, target] of ctrTargets(videos, "neighbours").entries())
    expect(target).toBeCloseTo(expected[row] as number, 6);
  expect(countTrueCtrTargets(videos, "neighbours")).toBe(5);
});

test("within a channel a higher true CTR never has a lower target", () => {
  const source = random("monotone");
  const videos = Array.from({ length: 40 }, () => videoOf("owned", source.uniform(), source.integer(20) / 100));
  const targets = ctrTargets(videos, "channel");
  for (const [a, { trueCtr: one }] of videos.entries()) {
    for (const [b, { trueCtr: other }] of videos.entries()) {
      const low = targets[a] as number;
      const high = targets[b] as number;
      if ((one ?? 0) < (other ?? 0)) expect(low).toBeLessThan(high);
      if (one === other) expect(low).toBe(high);
    }
  }
});

test("all six sub-scores are taught the CTR target", () => {
  expect([...auxiliaryTargets(Float32Array.of(0.25, 1))]).toEqual([...Array(6).fill(0.25), ...Array(6).fill(1)]);
});

test("a measured signal is blended in by its percentile, only where it was measured", () => {
  const signals = [{ contrast: 40 }, undefined, { contrast: 90, clarity: 1 }];
  const targets = [...auxiliaryTargets(Float32Array.of(0.5, 0.25, 0), signals)];
  expect(targets.slice(0, 6)).toEqual([0.5, 0.5, (0.5 + 0.25) / 2, 0.5, 0.5, 0.5]);
  expect(targets.slice(6, 12)).toEqual(Array(6).fill(0.25));
  expect(targets.slice(12)).toEqual([0.25, 0, 0.375, 0, 0, 0]);
});
