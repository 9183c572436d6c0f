import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasTensorFlow } from "../engine/available";
import { start, succeed } from "./thumbrank";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-demo-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const below = (...names: string[]) => join(home, "data", "demo", ...names);
const demo = () => succeed(["demo", "--data-dir", home]);
const run = (...names: string[]) => below("runs", "thumbnail_ranking_model", ...names);
const trained = () => below("checkpoints", "thumbnail_ranking_model", "trained");
const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
const evaluation = () => readFile(run("evaluation.json"), "utf8");

/** What is there of the demo once it is in the middle of a stage. */
const STAGES: [string, () => boolean][] = [
  ["drawing", () => namesIn(below("data", "sample", "thumbnails")).length > 30],
  ["importing", () => namesIn(below("data", "thumbnails")).length > 0],
  ["embedding", () => namesIn(below("data", "embeddings")).length > 0],
  ["training", () => namesIn(run()).length > 0],
];

async function killedAt(isThere: () => boolean): Promise<void> {
  const { child, outcome } = start(["demo", "--data-dir", home]);
  let ended = false;
  void outcome.then(() => {
    ended = true;
  });
  while (!isThere() && !ended) await sleep(20);
  child.kill("SIGKILL");
  expect(await outcome).toMatchObject({ signal: "SIGKILL" });
}

describe.skipIf(!hasTensorFlow)("the demo (needs TensorFlow's library)", () => {
  test("killed at every stage it recovers at least 90 % of what can be known of channels never seen", async () => {
    for (const [, isThere] of STAGES) await killedAt(isThere);
    const stdout = await demo();
    const { test: measured, trueAppeal } = JSON.parse(await evaluation());
    const share = (measured.pairwiseAuc.value - 0.5) / (trueAppeal.pairwiseAuc.value - 0.5);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(stdout).toContain(run("report.html"));
    // Drawn before the last kill.
    expect(stdout).toContain("already there: 1200 videos and their pictures");
  }, 900_000);

  test("run again it draws, embeds and trains nothing, says so, and ends with the same figures", async () => {
    const made = [
      below("data", "sample", "videos.csv"),
      below("data", "sample", "thumbnails"),
      below("data", "embeddings"),
      trained(),
    ];
    const times = () => Promise.all(made.map(async (path) => (await stat(path)).mtimeMs));
    const before = await times();
    const figures = await evaluation();
    const stdout = await demo();
    expect(stdout).toContain("already there: 1200 videos and their pictures");
    expect(stdout).toContain("already there: its pairs and embeddings, and the model, trained on them to its end");
    expect(stdout).toContain(run("report.html"));
    expect(await times()).toEqual(before);
    expect(await evaluation()).toBe(figures);
  }, 300_000);

  test("what is missing is made again, and nothing before it", async () => {
    const figures = await evaluation();
    const drawn = await stat(below("data", "sample", "thumbnails"));
    await rm(trained(), { recursive: true });
    const [shard = ""] = namesIn(below("data", "thumbnails"));
    await rm(below("data", "thumbnails", shard), { recursive: true });
    const stdout = await demo();
    expect(stdout).toContain("1200 rows: 0 inserted, 0 updated, 1200 unchanged");
    expect(stdout).toMatch(/image by .*: 0 embedded, 1\d{3} already there/);
    expect((await stat(below("data", "sample", "thumbnails"))).mtimeMs).toBe(drawn.mtimeMs);
    expect(await evaluation()).toBe(figures);
  }, 300_000);
});
