import { expect, test } from "vitest";
import { pairsText } from "../../lib/cli/pairs";
import type { FoldCounts, PairsReport, QualityRule } from "../../lib/store";

const FULL: FoldCounts = { channels: 4, videos: 40, pairs: 100 };

function report(removed: Partial<Record<QualityRule, number>>, test: FoldCounts = FULL): PairsReport {
  const rules: QualityRule[] = ["window", "views"];
  return {
    videos: 100,
    kept: 60,
    duplicatePictures: 0,
    growthExponent: 0.5,
    viewsUnits: { engaged: 60 },
    quality: rules.map((rule) => ({ rule, removed: removed[rule] ?? 0, applied: true, note: null })),
    folds: { train: FULL, validation: FULL, test, time: FULL },
  };
}

test("a rule that removed most videos is named with the flag that loosens it", () => {
  expect(pairsText(report({ window: 90 }))).toMatch(/"window" removed most.*--window-days/);
  expect(pairsText(report({ window: 50 }))).not.toContain("removed most");
});

test("a fold without pairs is named", () => {
  expect(pairsText(report({}, { channels: 0, videos: 0, pairs: 0 }))).toContain('The fold "test" has no pairs');
  expect(pairsText(report({}))).not.toContain("has no pairs");
});

test("views of several units are said to be kept apart, those of one are not spoken of", () => {
  expect(pairsText(report({}))).not.toContain("units");
  const mixed = { ...report({}), viewsUnits: { engaged: 40, starts: 15, mixed: 5 } };
  expect(pairsText(mixed)).toContain(
    "never compared: 40 videos by engaged views, 15 by starts, 5 by a public count of both",
  );
});
