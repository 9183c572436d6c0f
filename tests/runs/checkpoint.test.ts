import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFolder } from "../../lib/files";
import { writeSafetensors } from "../../lib/model";
import {
  CheckpointDamaged,
  CheckpointMissing,
  CheckpointNotWritten,
  latestCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from "../../lib/runs";
import { toFiles } from "../../lib/runs/checkpoint/write";
import { stateAt } from "./checkpoint-state";

let run = "";
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "checkpoint-"));
});
afterEach(() => rm(run, { recursive: true, force: true }));

async function damage(path: string, file = "weights.safetensors"): Promise<void> {
  const bytes = await readFile(join(path, file));
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  await writeFile(join(path, file), bytes);
}

test("a checkpoint reads back equal, down to the last bit of every number", async () => {
  const state = stateAt(37);
  state.tensors.weights.odd = { shape: [2, 2], values: Float32Array.of(1e-45, -0, 3.4e38, 0.1) };
  state.progress.sums.pair = 0.1 + 0.2;
  const path = await writeCheckpoint(run, state, "kept");
  expect(path).toBe(join(run, "model_epoch_3_step_37"));
  expect((await readCheckpoint(path)).state).toEqual(state);
});

test("the latest goes by step, not by time or name", async () => {
  for (const step of [1000, 99, 100]) await writeCheckpoint(run, stateAt(step), "kept");
  await writeCheckpoint(run, stateAt(998), "rolling");
  const { checkpoint, warnings } = await latestCheckpoint(run);
  expect(checkpoint?.state.progress.globalStep).toBe(1000);
  expect(warnings).toEqual([]);
});

test("a damaged latest falls back to the one before and says so", async () => {
  const paths = [];
  for (const step of [10, 20, 30]) paths.push(await writeCheckpoint(run, stateAt(step), "kept"));
  await damage(paths[2] as string);
  await damage(paths[1] as string, "state.json");
  const { checkpoint, warnings } = await latestCheckpoint(run);
  expect(checkpoint?.path).toBe(paths[0]);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain("model_epoch_3_step_30 is damaged: the SHA-256 of weights.safetensors");
  expect(warnings[1]).toContain("model_epoch_2_step_20 is damaged: the SHA-256 of state.json");
});

test("no run and a run without a whole checkpoint have no latest", async () => {
  expect(await latestCheckpoint(join(run, "nowhere"))).toEqual({ checkpoint: null, warnings: [] });
  await damage(await writeCheckpoint(run, stateAt(1), "rolling"));
  const { checkpoint, warnings } = await latestCheckpoint(run);
  expect([checkpoint, warnings.length]).toEqual([null, 1]);
});

test("every 50th epoch's stays, of the rolling ones the newest two", async () => {
  await writeCheckpoint(run, stateAt(500), "kept");
  for (const step of [501, 502, 1001, 1002]) await writeCheckpoint(run, stateAt(step), "rolling");
  await writeCheckpoint(run, stateAt(1000), "kept");
  const names = ["model_epoch_100_step_1000", "model_epoch_50_step_500"];
  expect((await readdir(run)).sort()).toEqual([...names, "rolling_epoch_100_step_1001", "rolling_epoch_100_step_1002"]);
});

test("after a fallback, damaged newer checkpoints do not push the new one out", async () => {
  for (const step of [100, 200]) await damage(await writeCheckpoint(run, stateAt(step), "rolling"));
  await writeCheckpoint(run, stateAt(50), "rolling");
  expect((await latestCheckpoint(run)).checkpoint?.state.progress.globalStep).toBe(50);
  await writeCheckpoint(run, stateAt(100), "rolling");
  expect((await latestCheckpoint(run)).checkpoint?.state.progress.globalStep).toBe(100);
});

test("the guide's names find the checkpoint of that epoch", async () => {
  const path = await writeCheckpoint(run, stateAt(1000), "kept");
  for (const name of ["model_epoch_100", "model_epoch_100.pt", "model_epoch_100_step_1000/"])
    expect((await readCheckpoint(join(run, name))).path).toBe(path);
  await expect(readCheckpoint(join(run, "model_epoch_10"))).rejects.toThrow(CheckpointMissing);
  await rename(path, join(run, "moved"));
  expect((await readCheckpoint(join(run, "moved"))).state.progress.globalStep).toBe(1000);
});

test("a state that JSON cannot hold is refused and nothing is left behind", async () => {
  const state = stateAt(5);
  state.progress.sums.pair = Number.NaN;
  await expect(writeCheckpoint(run, state, "rolling")).rejects.toThrow(CheckpointNotWritten);
  expect(await readdir(run)).toEqual([]);
});

test("whole folders with foreign content are damaged checkpoints, not crashes", async () => {
  const good = toFiles(stateAt(1));
  const weights = good["weights.safetensors"] as Uint8Array;
  const { "swa.safetensors": _, ...without } = good;
  const json = (text: string) => ({ ...good, "state.json": Buffer.from(text) });
  const progress = stateAt(1).progress;
  const foreign = [
    without,
    json("{}"),
    json("not json"),
    json(JSON.stringify({ ...progress, epoch: -1 })),
    json(JSON.stringify({ ...progress, __proto__: null, extra: 1 })),
    { ...good, "weights.safetensors": weights.subarray(0, weights.length - 4) },
    { ...good, "adam_m.safetensors": new Uint8Array(7) },
    { ...good, "swa.safetensors": new Uint8Array(64).fill(0xff) },
  ];
  for (const [index, files] of foreign.entries()) {
    const path = join(run, `foreign-${index}`);
    await writeFolder(path, files);
    await expect(readCheckpoint(path), `case ${index}`).rejects.toThrow(CheckpointDamaged);
  }
  await writeFolder(join(run, "good"), { ...good, "swa.safetensors": writeSafetensors({}) });
  expect((await readCheckpoint(join(run, "good"))).state).toEqual(stateAt(1));
});

test("a checkpoint copied elsewhere is the same checkpoint", async () => {
  const path = await writeCheckpoint(run, stateAt(12), "kept");
  await cp(path, join(run, "copy"), { recursive: true });
  expect((await readCheckpoint(join(run, "copy"))).state).toEqual(stateAt(12));
});
