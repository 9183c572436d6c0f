import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { CheckpointNotWritten, latestCheckpoint, writeCheckpoint } from "../../lib/runs";
import { stateAt } from "./checkpoint-state";

const PROGRAM = join(__dirname, "programs", "save-loop.ts");
const SIZE = 30_000;
let run = "";
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "kill-"));
});
afterEach(() => rm(run, { recursive: true, force: true }));

interface Saver {
  child: ChildProcess;
  /** Steps the program said it had saved. */
  saved: number[];
  errors: () => string;
  ended: Promise<number | null>;
}

function startSaver(limit = ""): Saver {
  const command = `${limit} exec "$0" --import tsx "${PROGRAM}" "${run}" ${SIZE}`;
  const child = spawn("bash", ["-c", command, process.execPath], { stdio: ["ignore", "pipe", "pipe"] });
  const saved: number[] = [];
  let errors = "";
  child.stdout.on("data", (text: Buffer) => saved.push(...text.toString().trim().split("\n").map(Number)));
  child.stderr.on("data", (text: Buffer) => {
    errors += text.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, saved, errors: () => errors, ended };
}

async function killAfterFirstSave(delayMs: number): Promise<number> {
  const saver = startSaver();
  while (saver.saved.length === 0 && saver.child.exitCode === null) await sleep(1);
  await sleep(delayMs);
  saver.child.kill("SIGKILL");
  await saver.ended;
  expect(saver.errors()).toBe("");
  return saver.saved.at(-1) as number;
}

test("a saver killed at any moment leaves its last saved checkpoint, or a newer one, whole", async () => {
  const { uniform } = random("kill");
  for (let kill = 0; kill < 8; kill++) {
    const saved = await killAfterFirstSave(uniform() * 40);
    const { checkpoint, warnings } = await latestCheckpoint(run);
    const step = checkpoint?.state.progress.globalStep as number;
    expect(warnings).toEqual([]);
    expect([saved, saved + 1]).toContain(step);
    expect(checkpoint?.state).toEqual(stateAt(step, SIZE));
  }
  await writeCheckpoint(run, stateAt(1_000_000), "rolling");
  expect((await readdir(run)).filter((name) => name.startsWith(".tmp-"))).toEqual([]);
});

test("a disk that takes no more bytes leaves the checkpoints there were", async () => {
  await writeCheckpoint(run, stateAt(3), "rolling");
  const before = await readdir(run);
  // Files of this process may grow to 64 KiB, a checkpoint's are larger: the write itself fails, in its middle.
  const saver = startSaver("ulimit -f 64;");
  expect(await saver.ended).not.toBe(0);
  expect(saver.saved).toEqual([]);
  expect(saver.errors()).toContain("CHECKPOINT_NOT_WRITTEN");
  expect(saver.errors()).toContain("EFBIG");
  const { checkpoint, warnings } = await latestCheckpoint(run);
  expect([checkpoint?.state.progress.globalStep, warnings]).toEqual([3, []]);
  expect(await readdir(run)).toEqual(before);
});

test("a folder that cannot be made is a coded error", async () => {
  await expect(writeCheckpoint("/dev/null/run", stateAt(1), "kept")).rejects.toThrow(CheckpointNotWritten);
});
