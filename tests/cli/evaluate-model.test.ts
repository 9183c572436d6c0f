import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish } from "../../lib/base";
import { resolvePaths, TrainingOptions } from "../../lib/config";
import { loadModel, resolveModel } from "../../lib/deployment";
import type { EvaluationJson } from "../../lib/evaluation";
import { asFloat32, loadFeatures } from "../../lib/features";
import { pairwiseAuc } from "../../lib/metrics";
import { run, succeed } from "./thumbrank";

const folder = mkdtempSync(join(tmpdir(), "thumbrank-evaluate-model-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const first = join(folder, "first");
const other = join(folder, "other");
const exported = join(first, "models", "small");
const OLD = join(__dirname, "..", "compatibility", "runs", "models", "first");

const builtIn = ["--image", "descriptor", "--text", "title-hash"];
const evaluated = (args: string[]): Promise<EvaluationJson> =>
  succeed(["evaluate", "--json", ...args]).then(JSON.parse);
let own: EvaluationJson;

beforeAll(async () => {
  for (const [home, seed] of [
    [first, "0"],
    [other, "1"],
  ] as const) {
    const size = ["--channels", "12", "--videos-per-channel", "20", "--seed", seed];
    await succeed(["sample", ...size, "--data-dir", home]);
    await succeed(["pairs", "--data-dir", home]);
  }
  await succeed(["embed", ...builtIn, "--data-dir", first]);
  await succeed(["train", "--epochs", "2", "--run", "small", "--data-dir", first]);
  own = await evaluated(["--run", "small", "--data-dir", first]);
  await succeed(["export", "--run", "small", "--data-dir", first]);
}, 300_000);

test("in its own home an exported model is measured on the channels that its run never saw, with the same figures", async () => {
  const { stderr } = await run(["evaluate", "--model", exported, "--data-dir", first]);
  expect(stderr).toContain("channels are left out, since the model was trained on them");
  const again = await evaluated(["--model", exported, "--data-dir", first]);
  expect(again.test.pairwiseAuc).toMatchObject({ value: expect.closeTo(own.test.pairwiseAuc.value as number, 6) });
  expect(again.splits.channel.counts).toEqual(own.splits.channel.counts);
  expect(Object.keys(own).every((key) => key in again)).toBe(true);
}, 120_000);

test("in another home what it needs is embedded first, and all pairs count", async () => {
  const { code, stdout, stderr } = await run(["evaluate", "--json", "--model", exported, "--data-dir", other]);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/descriptor: \d+ embedded for this model/)]);
  const json: EvaluationJson = JSON.parse(stdout);

  const paths = resolvePaths(other);
  const { data } = await finish(loadFeatures(paths, TrainingOptions.parse({})));
  const model = await loadModel((await resolveModel(join(first, "models"), "small@1")).folder);
  const { scores } = await model.predict(asFloat32(data.features));
  const sets = Object.values(data.pairs);
  const winners = sets.flatMap((set) => Array.from(set.winners));
  const losers = sets.flatMap((set) => Array.from(set.losers));
  expect(json.splits.channel.counts).toMatchObject({ pairs: winners.length, channels: 12 });
  expect(json.test.pairwiseAuc.value).toBeCloseTo(pairwiseAuc(scores, { winners, losers }), 6);
  expect(json.exported).toMatchObject({ name: "small", refusedChannels: [] });
  expect(existsSync(join(other, "runs", "exported-small", "report.html"))).toBe(true);
  await model.close();
}, 120_000);

test("an export that does not name its channels is measured with a loud warning", async () => {
  const { code, stderr } = await run(["evaluate", "--model", OLD, "--data-dir", other]);
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining("WARNING: this model was exported by an earlier version"),
  ]);
}, 120_000);

test("a folder without a model, and a home without videos, are said to be such", async () => {
  const missing = await run(["evaluate", "--model", join(folder, "nothing"), "--data-dir", other]);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("MODEL_MISSING")]);
  const empty = await run(["evaluate", "--model", exported, "--data-dir", join(folder, "empty")]);
  expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining("NO_VIDEOS")]);
});

test("NAME@VERSION is a version of this home's model", async () => {
  const again = await evaluated(["--model", "small@1", "--data-dir", first]);
  expect(again.test.pairwiseAuc).toMatchObject({ value: expect.closeTo(own.test.pairwiseAuc.value as number, 6) });
  const missing = await run(["evaluate", "--model", "small@2", "--data-dir", first]);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("MODEL_VERSION_MISSING")]);
}, 120_000);

test("a plain name stays the guide's name of a run", async () => {
  const byName = await evaluated(["--model", "small", "--data-dir", first]);
  expect(byName.test).toEqual(own.test);
  cpSync(exported, join(folder, "copy"), { recursive: true });
  expect((await run(["evaluate", "--model", "copy", "--data-dir", first])).stderr).toContain("RUN_UNKNOWN");
}, 120_000);
