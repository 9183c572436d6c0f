import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { compareRuns, evaluate, toJson, verdictOnDifference, writeComparison } from "../../lib/evaluation";
import { bootstrap } from "../../lib/evaluation/bootstrap";
import { differenceOf } from "../../lib/evaluation/compare/differences";
import { selectPart } from "../../lib/evaluation/groups";
import { keepScores } from "../../lib/evaluation/kept-scores";
import { channelDraws } from "../../lib/evaluation/resample";
import { aucDifference } from "../../lib/evaluation/statistics";
import { pairwiseAuc, spearman } from "../../lib/metrics";
import { ThumbnailRankingModel } from "../../lib/model";
import { predictRun, readTrained, TrainingPipeline, trainRun } from "../../lib/runs";
import { testLooks } from "../page/chromium";
import { planted } from "../training/planted";
import { plantedWorld } from "./world";

const DRAWING = { split: "channel", seed: 0, resamples: 300 } as const;

const { data, appeal } = plantedWorld({ channels: { train: 4, validation: 2, test: 12 }, videosPerChannel: 14 });
const truth = data.videos.map((video) => appeal.get(video.videoId) as number);
const noisy = (frequency: number) => truth.map((value, row) => value + 2 * Math.sin(frequency * row));
const scoresOf = (scores: number[]) => evaluate({ data, scores, ctr: truth, seed: 0, resamples: 2 }).channel.scores;
const better = noisy(1);
const worse = noisy(1).map((value, row) => value + 3 * Math.cos(5 * row));
const part = selectPart(data, data.pairs.test, (row) => data.videos[row]?.fold === "test");

test("the paired difference is that of the AUCs, with the interval of the same resamples of both", () => {
  const { pairwiseAuc: difference, isPaired, warning } = differenceOf(scoresOf(better), scoresOf(worse), DRAWING);
  expect([isPaired, warning]).toEqual([true, ""]);
  expect(difference.value).toBeCloseTo(pairwiseAuc(better, part.pairs) - pairwiseAuc(worse, part.pairs), 12);
  const naive = bootstrap(
    aucDifference(part, better, worse),
    part.channels.length,
    channelDraws(part, "channel", DRAWING),
  );
  expect(difference.low).toBeCloseTo(naive.low, 12);
  expect(difference.high).toBeCloseTo(naive.high, 12);
});

test("the difference in which each channel counts the same, and the agreement, are means of the channels", () => {
  const difference = differenceOf(scoresOf(better), scoresOf(worse), DRAWING);
  const own = part.channels.map((_, channel) => {
    const inside = [...part.rows].filter((row) => part.channelOf[row] === channel);
    const kept = [...part.pairs.winners.keys()].filter(
      (pair) => part.channelOf[part.pairs.winners[pair] as number] === channel,
    );
    const pairs = {
      winners: Int32Array.from(kept, (pair) => part.pairs.winners[pair] as number),
      losers: Int32Array.from(kept, (pair) => part.pairs.losers[pair] as number),
    };
    const values = (scores: number[]) => inside.map((row) => scores[row] as number);
    return {
      auc: pairwiseAuc(better, pairs) - pairwiseAuc(worse, pairs),
      agreement: spearman(values(better), values(worse)),
    };
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(difference.pairwiseAucByChannel.value).toBeCloseTo(mean(own.map(({ auc }) => auc)), 12);
  expect(difference.agreement?.value).toBeCloseTo(mean(own.map((channel) => channel.agreement)), 12);
});

test("a run minus itself is 0 for certain, and the order of the runs changes only the sign", () => {
  const [a, b] = [scoresOf(better), scoresOf(worse)] as const;
  expect(differenceOf(a, a, DRAWING).pairwiseAuc).toEqual({ value: 0, low: 0, high: 0 });
  const forth = differenceOf(a, b, DRAWING).pairwiseAuc;
  const back = differenceOf(b, a, DRAWING).pairwiseAuc;
  expect(back.value).toBeCloseTo(-forth.value, 12);
  expect(back.low).toBeCloseTo(-forth.high, 12);
});

test("runs measured on other pairs are resampled each by itself, which makes the interval wider", () => {
  const [a, b] = [scoresOf(better), scoresOf(worse)] as const;
  const apart = differenceOf(a, { ...b, pairsHash: "other" }, DRAWING);
  const paired = differenceOf(a, b, DRAWING);
  expect(apart).toMatchObject({ isPaired: false, agreement: null });
  expect(apart.pairwiseAuc.value).toBeCloseTo(paired.pairwiseAuc.value, 12);
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  expect(width(apart.pairwiseAuc)).toBeGreaterThan(width(paired.pairwiseAuc));
  const one = differenceOf(a, { pairsHash: "other", channels: b.channels.slice(0, 1) }, DRAWING);
  expect([one.pairwiseAuc.low, one.pairwiseAuc.high]).toEqual([Number.NaN, Number.NaN]);
});

test("few channels are a warning", () => {
  const few = { pairsHash: "few", channels: scoresOf(better).channels.slice(0, 4) };
  expect(differenceOf(few, few, DRAWING).warning).toContain("few channels");
});

test("only an interval on one side of 0 is a verdict", () => {
  const verdict = (low: number, high: number) => verdictOnDifference({ value: 0.01, low, high }, "b", "a");
  expect([verdict(0.001, 0.02), verdict(-0.001, 0.02), verdict(Number.NaN, Number.NaN)]).toEqual([
    "b is better",
    "not told apart",
    "too few channels to tell",
  ]);
  expect(verdictOnDifference({ value: -0.1, low: -0.2, high: -0.05 }, "b", "a")).toBe("a is better");
});

let home: string;
const paths = () => ({
  checkpoints: join(home, "checkpoints"),
  models: join(home, "models"),
  runs: join(home, "runs"),
});

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-compare-"));
  await trainAndKeep("first", {});
  await trainAndKeep("second", { learningRate: 1e-2 });
  await trainAndKeep("third", { learningRate: 1e-2, seed: 1 });
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Trains a run on the tiny world and keeps its evaluation, as `thumbrank evaluate` does, but for the store. */
async function trainAndKeep(name: string, settings: { learningRate?: number; seed?: number }): Promise<void> {
  const data = planted({ perChannel: 20 });
  const engine = await openEngine({ backend: "cpu" });
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 });
  const pipeline = new TrainingPipeline({ model, engine, data, swaStart: 2, ...settings });
  for await (const _ of trainRun({ name, paths: paths(), pipeline, numEpochs: 3 }));
  const { scores, ctr } = await predictRun({ ...(await readTrained(join(paths().checkpoints, name))), data });
  engine.dispose();
  const report = evaluate({ data, scores, ctr, seed: 0, resamples: 50 });
  const folder = join(paths().runs, name);
  await writeFile(join(folder, "evaluation.json"), JSON.stringify(toJson(report)));
  const splits = { channel: report.channel.scores, time: report.time.scores };
  await keepScores(folder, { dataHash: data.dataHash, splits });
}

test("runs are compared with the first: settings that differ, kept figures, and differences", async () => {
  const { runs, settings } = await compareRuns(paths(), ["first", "second", "third"]);
  expect(settings).toEqual([
    { name: "lr", values: [2e-5, 1e-2, 1e-2] },
    { name: "seed", values: [0, 0, 1] },
  ]);
  expect(runs.map(({ minusFirst }) => minusFirst?.channel.isPaired)).toEqual([undefined, true, true]);
  const aucs = runs.map(({ evaluation }) => evaluation?.channel.pairwiseAuc.value ?? Number.NaN);
  expect(runs[1]?.minusFirst?.channel.pairwiseAuc.value).toBeCloseTo((aucs[1] ?? 0) - (aucs[0] ?? 0), 12);
});

test("runs evaluated on other pairs are refused with a code, unless they may be unpaired", async () => {
  await trainAndKeep("other", {});
  const file = join(paths().runs, "other", "scores.json");
  const kept = JSON.parse(await readFile(file, "utf8"));
  kept.splits.time.pairsHash = "0".repeat(64);
  await writeFile(file, JSON.stringify(kept));
  const refused = compareRuns(paths(), ["first", "other"]);
  await expect(refused).rejects.toMatchObject({
    code: "RUNS_NOT_COMPARABLE",
    next: expect.stringContaining("--unpaired"),
  });
  const { runs } = await compareRuns(paths(), ["first", "other"], { allowUnpaired: true });
  expect(runs[1]?.minusFirst?.time.isPaired).toBe(false);
});

test("runs that were not evaluated since they were trained are compared by settings and curves alone", async () => {
  await trainAndKeep("trained-again", {});
  const kept = JSON.parse(await readFile(join(paths().runs, "trained-again", "scores.json"), "utf8"));
  await writeFile(
    join(paths().runs, "trained-again", "scores.json"),
    JSON.stringify({ ...kept, trainedAt: "2026-01-01T00:00:00.000Z" }),
  );
  await mkdir(join(paths().checkpoints, "begun"));
  const { runs } = await compareRuns(paths(), ["first", "trained-again", "begun"]);
  expect(runs.map(({ evaluation, minusFirst }) => [evaluation === null, minusFirst])).toEqual([
    [false, null],
    [true, null],
    [true, null],
  ]);
  await expect(compareRuns(paths(), ["first", "nope"])).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
});

const page = () => join(home, "new", "comparison.html");

test("the page is one file with the settings, the curves and the differences", async () => {
  const comparison = await compareRuns(paths(), ["first", "second", "third"]);
  const [first] = comparison.runs;
  const hostile = { ...comparison, settings: [...comparison.settings, { name: "<script>", values: ["<b>", 1, 2] }] };
  await writeComparison(first === undefined ? comparison : hostile, page());
  const html = await readFile(page(), "utf8");
  const markup = html.slice(0, html.indexOf('<script type="application/json"'));
  expect(markup).not.toMatch(/<script|<b>[^0-9+−<]*<\/td>/);
  expect(markup).toContain("&#60;script&#62;");
  expect(markup).toContain("second minus first");
  expect(markup).not.toMatch(/(src|href)="(?!data:)/);
  expect(markup.match(/data-figure/g)).toHaveLength(3);
});

testLooks("the comparison", page);
