import { expect, test } from "vitest";
import { compareWithGuide, evaluate, percent, summaryLines, toJson, verdictOn } from "../../lib/evaluation";
import { plantedWorld } from "./world";

const at = (value: number, low = Number.NaN, high = Number.NaN) => ({ value, low, high });

test("the guide's marks: 0.65 and 0.72 are reached by the value itself, 0.3 and 0.5 only above", () => {
  expect(verdictOn("pairwiseAuc", at(0.65)).reached?.name).toBe("baseline");
  expect(verdictOn("pairwiseAuc", at(0.6499)).reached).toBeNull();
  expect(verdictOn("pairwiseAuc", at(0.72)).reached?.name).toBe("target");
  expect(verdictOn("spearman", at(0.3)).reached).toBeNull();
  expect(verdictOn("spearman", at(0.51)).reached?.name).toBe("good");
  expect(verdictOn("ctrCorrelation", at(0.4)).reached).toBeNull();
});

test("the verdict says when the interval disagrees, and when there is no figure", () => {
  expect(verdictOn("pairwiseAuc", at(0.7, 0.6, 0.8)).text).toContain("goes down to 0.600");
  expect(verdictOn("pairwiseAuc", at(0.7, 0.66, 0.8)).text).toContain("the whole interval too");
  expect(verdictOn("pairwiseAuc", at(0.6, 0.5, 0.7)).text).toContain("goes up to 0.700");
  expect(verdictOn("pairwiseAuc", at(0.52, 0.5, 0.55)).text).toBe('short of the guide\'s "baseline" (0.65)');
  expect(verdictOn("pairwiseAuc", at(Number.NaN)).text).toBe("not defined on these data");
});

const { data, appeal } = plantedWorld();
const scores = data.videos.map((video) => appeal.get(video.videoId) as number);
const report = evaluate({ data, scores, ctr: scores, trueAppeal: appeal, seed: 1, resamples: 100 });

test("the summary shows the model beside all baselines, names the proxy, and warns of few channels", () => {
  const text = summaryLines(report).join("\n");
  for (const label of [
    "model",
    "logistic regression",
    "picture only",
    "title only",
    "newer wins",
    "random",
    "true appeal",
  ]) {
    expect(text).toContain(`  ${label}`);
  }
  expect(text).toContain(report.channel.metrics.pairwiseAuc.value.toFixed(3));
  expect(text).toContain("CTR proxy");
  expect(text).toContain("Synthetic");
  expect(text).toContain("So few channels");
  expect(text).toContain("across channels they mean nothing");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

test("data that are not synthetic are not called so, true CTR not a proxy", () => {
  const owned = { ...data, trueCtrTargets: data.videos.length };
  const text = summaryLines(evaluate({ data: owned, scores, ctr: scores, seed: 1, resamples: 20 })).join("\n");
  expect(text).not.toContain("Synthetic");
  expect(text).not.toContain("CTR proxy");
  expect(text).toContain(`true CTR of ${data.videos.length} of ${data.videos.length} videos`);
});

test("what the CTR head was taught is named: the proxy, true CTRs, or both", () => {
  const kinds = [0, 4, data.videos.length].map((trueCtrTargets) => {
    const measured = evaluate({ data: { ...data, trueCtrTargets }, scores, ctr: scores, seed: 1, resamples: 20 });
    return [measured.ctrTarget, toJson(measured).ctrTarget];
  });
  const videos = data.videos.length;
  expect(kinds).toEqual([
    ["proxy", undefined],
    ["mixed", { kind: "mixed", trueCtr: 4, videos }],
    ["trueCtr", { kind: "trueCtr", trueCtr: videos, videos }],
  ]);
});

test("beside the guide's marks each metric has its interval and verdict, and the proxy keeps its name", () => {
  const rows = compareWithGuide(report.channel, report);
  expect(rows.map(({ metric }) => metric)).toEqual(["pairwise AUC", "Spearman's ρ", "Correlation with the CTR proxy"]);
  expect(rows.map(({ guide }) => guide)).toEqual([
    "≥ 0.65 (baseline), ≥ 0.72 (target)",
    "> 0.3 (minimum), > 0.5 (good)",
    "> 0.4 (target)",
  ]);
  expect(rows[0]).toMatchObject(report.channel.metrics.pairwiseAuc);
  expect(rows[0]?.verdict).toBe(verdictOn("pairwiseAuc", report.channel.metrics.pairwiseAuc).text);
  expect(compareWithGuide(report.channel, { ctrTarget: "trueCtr" })[2]?.metric).toBe("CTR correlation");
});

test("a probability is never shown as certain", () => {
  expect([0, 0.004, 0.5, 0.994, 1].map(percent)).toEqual(["under 1 %", "under 1 %", "50 %", "over 99 %", "over 99 %"]);
});
