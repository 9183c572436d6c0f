import { expect, test } from "vitest";
import { fuzzPictures } from "../../bench/fuzz-pictures/run";

test("two hundred damaged pictures are ranked and embedded, or refused with a code, without a crash or a hang", async () => {
  const report = await fuzzPictures({ count: 200, seed: "ci", hangMs: 60_000 });
  expect(report).toMatchObject({ ranked: 200, embedded: 200, crashed: [], hung: [], differing: [] });
  for (const outcome of Object.keys(report.outcomes)) expect(outcome).toMatch(/^(accepted|PICTURE_[A-Z]+)$/);
  expect(report.outcomes.accepted).toBeGreaterThan(20);
  expect(report.outcomes.PICTURE_BROKEN).toBeGreaterThan(20);
  expect(report.peakMb).toBeLessThan(1000);
});
