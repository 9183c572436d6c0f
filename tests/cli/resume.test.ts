import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, start, succeed } from "./thumbrank";

// Nine epochs of a small world; averaging starts at epoch 5, so there is a before and a during.
const TRAIN = ["train", "--epochs", "9", "--swa-start", "5", "--batch-size", "16", "--checkpoint-steps", "7"];
const RUN = "thumbnail_ranking_model";
let root: string;
let prepared: string;
let whole: Buffer;
let stepsPerEpoch: number;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-resume-"));
  prepared = join(root, "prepared");
  const home = ["--data-dir", prepared];
  await succeed(["sample", "--channels", "6", "--videos-per-channel", "14", ...home]);
  await succeed(["pairs", "--max-pairs-per-channel", "60", ...home]);
  await succeed(["embed", "--image", "descriptor", "--text", "title-hash", ...home]);
  const undisturbed = await homeCopy("undisturbed");
  await succeed([...TRAIN, "--data-dir", undisturbed]);
  whole = await trainedWeights(undisturbed);
  const state = JSON.parse(await readFile(join(undisturbed, "models", "training_history.json"), "utf8"));
  stepsPerEpoch = state[0].steps;
}, 300_000);

afterAll(() => rm(root, { recursive: true, force: true }));

test("killed in mid-epoch and resumed, the weights equal those of the run that was never killed", async () => {
  const home = await homeCopy("mid-epoch");
  await killedAt(home, [], (names) => reached(names, 3 * stepsPerEpoch + 1));
  await resumeAndCompare(home);
}, 120_000);

test("killed in mid-save and resumed, the weights are equal too", async () => {
  const home = await homeCopy("mid-save");
  const { child, outcome } = start([...TRAIN, "--data-dir", home]);
  await until(async () => reached(checkpoints(home), stepsPerEpoch) && (await isSaving(child, home)), outcome);
  child.kill("SIGKILL");
  expect(await outcome).toMatchObject({ signal: "SIGKILL" });
  expect(checkpoints(home).some(isAside), "the kill left a half-written checkpoint").toBe(true);
  await resumeAndCompare(home);
}, 120_000);

test("killed twice, before and during averaging, the weights are equal still", async () => {
  const home = await homeCopy("twice");
  await killedAt(home, [], (names) => reached(names, 2 * stepsPerEpoch + 1));
  await killedAt(home, ["--resume", "latest"], (names) => reached(names, 7 * stepsPerEpoch + 1));
  await resumeAndCompare(home);
}, 120_000);

test("SIGTERM makes a checkpoint and ends with 130; the resumed run's weights are equal", async () => {
  const home = await homeCopy("terminated");
  const { child, outcome } = start([...TRAIN, "--data-dir", home]);
  await until(() => reached(checkpoints(home), stepsPerEpoch), outcome);
  child.kill("SIGTERM");
  expect(await outcome).toMatchObject({ code: 130 });
  await resumeAndCompare(home);
}, 120_000);

async function homeCopy(name: string): Promise<string> {
  const home = join(root, name);
  await cp(prepared, home, { recursive: true });
  return home;
}

/** Trains until `due` and kills without warning. @returns names in the run's folder then */
async function killedAt(home: string, flags: string[], due: (names: string[]) => boolean): Promise<string[]> {
  const { child, outcome } = start([...TRAIN, ...flags, "--data-dir", home]);
  await until(
    () => due(checkpoints(home)),
    outcome,
    () => child.kill("SIGKILL"),
  );
  expect(await outcome).toMatchObject({ signal: "SIGKILL" });
  return checkpoints(home);
}

async function resumeAndCompare(home: string): Promise<void> {
  await succeed([...TRAIN, "--resume", "latest", "--data-dir", home]);
  expect((await trainedWeights(home)).equals(whole)).toBe(true);
}

/** Polls closely, since a save takes some 50 ms. */
async function until(
  due: () => boolean | Promise<boolean>,
  outcome: Promise<Outcome>,
  then: () => void = () => {},
): Promise<void> {
  let ended: Outcome | undefined;
  void outcome.then((result) => {
    ended = result;
  });
  while (!(await due())) {
    if (ended) throw new Error(`training ended before it could be disturbed:\n${ended.stderr}`);
    await sleep(2);
  }
  then();
}

function checkpoints(home: string): string[] {
  const folder = join(home, "checkpoints", RUN);
  return existsSync(folder) ? readdirSync(folder) : [];
}

function reached(names: string[], globalStep: number): boolean {
  return names.some((name) => Number(/_step_(\d+)$/.exec(name)?.[1] ?? -1) >= globalStep);
}

/** Holds the process still to see whether it is in the middle of a save; it stays held if it is. */
async function isSaving(child: ChildProcess, home: string): Promise<boolean> {
  if (!checkpoints(home).some(isAside)) return false;
  child.kill("SIGSTOP");
  await sleep(50); // until all of its threads have stopped
  if (checkpoints(home).some(isAside)) return true;
  child.kill("SIGCONT");
  return false;
}

const isAside = (name: string) => name.startsWith(".tmp-");

function trainedWeights(home: string): Promise<Buffer> {
  return readFile(join(home, "checkpoints", RUN, "trained", "weights.safetensors"));
}
