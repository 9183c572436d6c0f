import { expect, test } from "vitest";
import { growthOf, type Sample } from "../../bench/long/growth";
import { lineThrough } from "../../bench/long/line";
import { random } from "../../lib/base/random";

const steps = Array.from({ length: 200 }, (_, at) => at * 500);

/** Samples of 600 MB that grow by so many bytes a step, with noise of 1 MB. */
function samplesOf(bytesPerStep: number): Sample[] {
  const { normal } = random("growth", bytesPerStep);
  return steps.map((step) => {
    const bytes = 6e8 + bytesPerStep * step + 1e6 * normal();
    return { step, rssBytes: bytes, heapBytes: bytes / 10, tensors: 5 };
  });
}

test("a line through points on a line has its slope and no error", () => {
  const { slope, error } = lineThrough(
    steps,
    steps.map((x) => 3 - 0.25 * x),
  );
  expect(slope).toBeCloseTo(-0.25, 12);
  expect(error).toBeCloseTo(0, 12);
});

test("its standard error is the spread of slopes over many noisy series", () => {
  const lines = Array.from({ length: 300 }, (_, series) => {
    const { normal } = random("line", series);
    return lineThrough(
      steps,
      steps.map(() => normal()),
    );
  });
  const spread = Math.sqrt(lines.reduce((total, { slope }) => total + slope ** 2, 0) / lines.length);
  const claimed = Math.sqrt(lines.reduce((total, { error }) => total + error ** 2, 0) / lines.length);
  expect(claimed / spread).toBeGreaterThan(0.85);
  expect(claimed / spread).toBeLessThan(1.15);
});

test("fewer points than blocks make no line", () => {
  expect(() => lineThrough([1, 2], [1, 2])).toThrow(/2 points make no 20 blocks/);
});

test("a hundred bytes lost a step are growth, noise is none", () => {
  expect(growthOf(samplesOf(100), "rssBytes", 0.5).grows).toBe(true);
  expect(growthOf(samplesOf(0), "rssBytes", 0.5).grows).toBe(false);
  expect(growthOf(samplesOf(-100), "rssBytes", 0.5).grows).toBe(false);
  expect(growthOf(samplesOf(100), "heapBytes", 0.05).slope).toBeCloseTo(0.1, 1);
});
