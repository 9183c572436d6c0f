import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, start, succeed } from "./thumbrank";

const SHORT = ["--recipe", "guide", "--epochs", "2", "--swa-start", "1"];
let root: string;
let prepared: string;

/** A home with a small world, ready to be trained on. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-runs-"));
  prepared = join(root, "prepared");
  const home = ["--data-dir", prepared];
  await succeed(["sample", "--channels", "10", "--videos-per-channel", "14", ...home]);
  await succeed(["pairs", "--max-pairs-per-channel", "40", ...home]);
  await succeed(["embed", "--image", "descriptor", "--text", "title-hash", ...home]);
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

async function homeCopy(name: string): Promise<string> {
  const home = join(root, name);
  await cp(prepared, home, { recursive: true });
  return home;
}

test("runs are listed and shown with their settings, data and figures, for people and programs", async () => {
  const home = await homeCopy("shown");
  expect(await succeed(["runs", "list", "--data-dir", home])).toContain("no runs yet");
  await succeed(["train", "--run", "first", ...SHORT, "--data-dir", home]);
  await succeed(["train", "--run", "second", ...SHORT, "--lr", "1e-3", "--data-dir", home]);
  await succeed(["evaluate", "--run", "first", "--data-dir", home]);

  const { runs } = JSON.parse(await succeed(["runs", "list", "--json", "--data-dir", home]));
  const [first, second] = runs;
  expect([first.name, second.name]).toEqual(["first", "second"]);
  expect(second.changedSettings).toEqual({ epochs: 2, swaStart: 1, learningRate: 1e-3 });
  expect(first.data.hash).toBe(second.data.hash);
  const evaluation = JSON.parse(await readFile(join(home, "runs", "first", "evaluation.json"), "utf8"));
  expect(first.evaluation.channel.pairwiseAuc).toEqual(evaluation.test.pairwiseAuc);
  expect(second.evaluation).toBeNull();
  expect((await succeed(["runs", "list", "--data-dir", home])).split("\n")).toEqual(
    expect.arrayContaining([expect.stringMatching(/^second .* finished +2\/2 .* epochs=2 lr=0\.001 swa-start=1$/)]),
  );

  const shown = await succeed(["runs", "show", "second", "--data-dir", home]);
  expect(shown).toMatch(/^lr +0\.001 +0\.00002$/m);
  expect(shown).toContain("thumbnails by descriptor, titles by title-hash");
  expect(shown).toContain("validation AUC by epoch");
  expect(shown).toContain("not evaluated: `thumbrank evaluate`");
  expect(await run(["runs", "show", "nope", "--data-dir", home])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("RUN_UNKNOWN: there is no run nope; there are first, second"),
  });

  const compare = ["runs", "compare", "first", "second", "--data-dir", home];
  expect(await succeed(compare)).toContain("not evaluated: second; `thumbrank evaluate --run second` first");
  await succeed(["evaluate", "--run", "second", "--data-dir", home]);
  const page = join(home, "comparison.html");
  const compared = await succeed([...compare, "--html", page]);
  expect(compared).toMatch(/^differs +first +second$/m);
  expect(compared).toMatch(/^second minus first, channels never seen in training: /m);
  expect(await readFile(page, "utf8")).toContain("<h2>What differs</h2>");
  for (const names of [["first"], ["first", "first"]])
    expect(await run(["runs", "compare", ...names, "--data-dir", home])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^RUNS_TO_COMPARE: /),
    });

  // An evaluation belongs to the weights that were evaluated.
  await succeed(["train", "--run", "first", ...SHORT, "--overwrite", "--data-dir", home]);
  const again = JSON.parse(await succeed(["runs", "show", "first", "--json", "--data-dir", home]));
  expect([again.state, again.evaluation, again.history.length]).toEqual(["finished", null, 2]);
}, 300_000);

test("a grid that is killed continues where it was, trains no run twice, and ends with means over seeds", async () => {
  const home = await homeCopy("grid");
  const grid = ["train", "--run", "g", ...SHORT, "--seeds", "0,1", "--sweep", "lr=1e-4,0.001", "--hidden-dim", "64"];
  const args = [...grid, "--checkpoint-steps", "5", "--json", "--data-dir", home];
  const trained = (name: string) => existsSync(join(home, "checkpoints", name, "trained"));
  const { child, outcome } = start(args);
  while (!trained("g-lr1e-4-seed1") && child.exitCode === null) await sleep(5);
  child.kill("SIGKILL");
  await outcome;
  const record = (name: string) => readFile(join(home, "runs", name, "run.json"), "utf8").then(JSON.parse);
  const before = await record("g-lr1e-4-seed0");

  const { code, stdout, stderr } = await run(args);
  expect([code, stderr]).toEqual([0, expect.stringContaining("run 1 of 4: g-lr1e-4-seed0, trained before")]);
  const { points, chosen } = JSON.parse(stdout);
  const names = points.map((point: { runs: { name: string }[] }) => point.runs.map(({ name }) => name));
  expect(names).toEqual([
    ["g-lr1e-4-seed0", "g-lr1e-4-seed1"],
    ["g-lr1e-3-seed0", "g-lr1e-3-seed1"],
  ]);
  expect(await record("g-lr1e-4-seed0")).toEqual(before);
  const means = points.map(({ mean }: { mean: number }) => mean);
  expect(chosen.mean).toBe(Math.max(...means));
  const aucs = await Promise.all(names[0].map(async (name: string) => (await record(name)).result.swa.valAuc));
  expect(means[0]).toBeCloseTo((aucs[0] + aucs[1]) / 2, 12);

  // Everything is there: the table alone.
  const table = await succeed(args.filter((arg) => arg !== "--json"));
  expect(table).toMatch(/^lr=1e-4 +2 +0\.\d{4} +0\.\d{4} +0: 0\.\d{4}, 1: 0\.\d{4}$/m);
  expect(table).toMatch(/^chosen by validation AUC: lr=/m);

  // Other settings under the same names are refused before anything is trained.
  const other = await run([...grid, "--mixup-alpha", "0", "--data-dir", home]);
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("CHECKPOINT_CONFIG_MISMATCH") });
}, 300_000);

test.each([
  [["--sweep", "lr=1e-5,fast"], 'learningRate "fast": must be a number above 0'],
  [["--sweep", "learning=1"], '--sweep "learning": must be one of recipe, epochs, '],
  [["--sweep", "seed=1,2"], '--sweep "seed": seeds are given by --seeds'],
  [["--sweep", "lr=1", "--sweep", "learningRate=2"], '--sweep "learningRate": must be given once'],
  [["--seeds", "0,x"], '--seeds "0,x": must be whole numbers from 0'],
  [["--seeds", "0", "--resume", "latest"], "--resume: a grid of runs continues without it"],
  [
    ["--seeds", "0,1,2", "--sweep", `epochs=${Array.from({ length: 50 }, (_, at) => at + 1)}`],
    "150 runs, more than 100",
  ],
  [["--run", "r".repeat(60), "--seeds", "0"], "66 characters, at most 64"],
])("train %j is refused before anything is trained", async (flags, message) => {
  const { code, stderr } = await run(["train", ...flags, "--data-dir", prepared]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(existsSync(join(prepared, "checkpoints"))).toBe(false);
});
