import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasTensorFlow } from "../engine/available";
import { succeed } from "./thumbrank";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-demo-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test.skipIf(!hasTensorFlow)(
  "the demo recovers at least 80 % of what can be known of channels never seen (needs TensorFlow's library)",
  async () => {
    const stdout = await succeed(["demo", "--data-dir", home]);
    const run = join(home, "data", "demo", "runs", "thumbnail_ranking_model");
    const { test: measured, bestPossible } = JSON.parse(await readFile(join(run, "evaluation.json"), "utf8"));
    const share = (measured.pairwiseAuc.value - 0.5) / (bestPossible.pairwiseAuc.value - 0.5);
    expect(share).toBeGreaterThanOrEqual(0.8);
    expect(stdout).toContain(join(run, "report.html"));
  },
  900_000,
);

test.skipIf(!hasTensorFlow)(
  "the demo run again trains nothing anew and ends with the same figures",
  async () => {
    const evaluation = join(home, "data", "demo", "runs", "thumbnail_ranking_model", "evaluation.json");
    const before = await readFile(evaluation, "utf8");
    await succeed(["demo", "--data-dir", home]);
    expect(await readFile(evaluation, "utf8")).toBe(before);
  },
  300_000,
);
