import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, start, succeed } from "./thumbrank";

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-recipe-"));
  const at = ["--data-dir", home];
  await succeed(["sample", "--channels", "6", "--videos-per-channel", "14", ...at]);
  await succeed(["pairs", "--max-pairs-per-channel", "60", ...at]);
  await succeed(["embed", "--image", "descriptor", "--text", "title-hash", ...at]);
}, 300_000);

afterAll(() => rm(home, { recursive: true, force: true }));

const train = (...args: string[]) => run(["train", "--hidden-dim", "16", "--data-dir", home, ...args]);

/** What a run's result says of itself. */
async function trained(
  name: string,
): Promise<{ history: unknown; folds?: { valAuc: number[] }[]; config: { training: object } }> {
  return JSON.parse(await readFile(join(home, "checkpoints", name, "trained", "trained.json"), "utf8"));
}

/** The training settings in a JSON file of the home. */
async function settingsIn(...path: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(home, ...path), "utf8")).config.training;
}

test("few pairs get the small recipe, announced in one line and stored with the run and the exported model", async () => {
  const { code, stderr } = await train("--epochs", "2");
  expect(code).toBe(0);
  const announced = stderr.split("\n").filter((line) => line.includes("recipe"));
  expect(announced).toEqual([
    expect.stringMatching(/^\d+ training pairs, fewer than 50,000: the small recipe: .*--recipe guide/),
  ]);
  expect(announced[0]).toContain("--pair-weights sqrt (guide: equal)");
  expect(announced[0]).not.toContain("--epochs");
  const stored = { recipe: "small", epochs: 2, pairWeights: "sqrt" };
  expect(await settingsIn("checkpoints", "thumbnail_ranking_model", "trained", "trained.json")).toMatchObject(stored);
  await succeed(["export", "--data-dir", home]);
  expect(await settingsIn("models", "thumbnail_ranking_model", "1", "model.json")).toMatchObject(stored);
}, 120_000);

test("without a number of epochs, folds choose it: announced, stored, and equal after a kill in a fold", async () => {
  const options = ["--checkpoint-steps", "20", "--run"];
  const whole = await train(...options, "whole");
  expect([whole.code, whole.stderr]).toEqual([0, expect.stringContaining("--folds 5 (guide: none)")]);
  expect(whole.stdout).toMatch(/^Fold 1: 1 channels, \d+ pairs, Val AUC by channel best after epoch \d+: 0\.\d{4}$/m);
  const [, chosen] = /^4 folds: (\d+) of 12 epochs chosen/m.exec(whole.stdout) ?? [];
  const card = await trained("whole");
  expect(card.config.training).toMatchObject({ folds: 5, epochs: Number(chosen) });
  expect(card.folds?.map(({ valAuc }) => valAuc.length)).toEqual([12, 12, 12, 12]);

  const { child, outcome } = start(["train", "--hidden-dim", "16", "--data-dir", home, ...options, "killed"]);
  const thirdFold = join(home, "checkpoints", "killed", "folds", "fold-3");
  while (!existsSync(thirdFold) || !readdirSync(thirdFold).some((name) => name.startsWith("rolling"))) await sleep(5);
  child.kill("SIGKILL");
  expect(await outcome).toMatchObject({ signal: "SIGKILL" });
  expect((await train(...options, "killed", "--resume", "latest")).code).toBe(0);
  const { history: _, ...resumed } = await trained("killed");
  const { history: __, ...uninterrupted } = card;
  expect(resumed).toEqual(uninterrupted);
  const weights = (run: string) => readFile(join(home, "checkpoints", run, "trained", "weights.safetensors"));
  expect((await weights("killed")).equals(await weights("whole"))).toBe(true);

  // More epochs continue the same run, and are no longer those that the folds chose.
  const extended = await train("--run", "whole", "--resume", "latest", "--epochs", "13");
  expect([extended.code, extended.stderr]).toEqual([0, expect.stringContaining("resumed from")]);
  expect((await trained("whole")).config.training).toMatchObject({ recipe: "small", folds: null, epochs: 13 });
}, 240_000);

test("a named recipe is taken without a word, and a resumed run keeps it", async () => {
  const begun = await train("--recipe", "guide", "--epochs", "1", "--run", "second");
  expect([begun.code, begun.stderr.includes("the small recipe")]).toEqual([0, false]);
  // The pairs' weights are part of the data's hash, so another recipe would be refused.
  const resumed = await train("--resume", "latest", "--epochs", "2", "--run", "second");
  expect([resumed.code, resumed.stderr.includes("the small recipe")]).toEqual([0, false]);
  const stored = { recipe: "guide", epochs: 2, pairWeights: "equal" };
  expect(await settingsIn("checkpoints", "second", "trained", "trained.json")).toMatchObject(stored);
}, 120_000);
