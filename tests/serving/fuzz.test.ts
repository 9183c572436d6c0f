import { expect, test } from "vitest";
import { fuzzService } from "../../bench/fuzz-service/run";

test("300 hostile requests are each answered with 200 or a coded 4xx, and nothing is written", async () => {
  const report = await fuzzService({ count: 300, seed: "ci" });
  expect(report).toMatchObject({ faults: [], isAlive: true, written: [] });
  expect(report.answers["422 RANK_PICTURES_REFUSED"]).toBeGreaterThan(30);
  expect(report.answers["400 REQUEST_INVALID"]).toBeGreaterThan(30);
  expect(report.peakMb - report.idleMb).toBeLessThan(500);
});
