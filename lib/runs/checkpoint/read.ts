import { lstat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { messageOf, ThumbrankError } from "../../base";
import { namesIn, readFolder } from "../../files";
import { readSafetensors, type Weights } from "../../model";
import type { TrainingState } from "../../training";
import { CheckpointDamaged, CheckpointMissing } from "./errors";
import { parseProgress } from "./progress";

/** A checkpoint that was read and verified. */
export interface Checkpoint {
  path: string;
  state: TrainingState;
}

/** The newest intact checkpoint of a run, if there is one, and what was wrong with newer ones. */
export interface LatestCheckpoint {
  checkpoint: Checkpoint | null;
  warnings: string[];
}

/** `kept`: one every 50 epochs and the last, never removed; `rolling`: the newest few, in case a run is killed. */
export type CheckpointKind = "kept" | "rolling";

const PREFIX = { kept: "model", rolling: "rolling" };
const NAME = /^(model|rolling)_epoch_(\d+)_step_(\d+)$/;

/** The parts of a checkpoint's folder name. */
interface CheckpointName {
  name: string;
  kind: CheckpointKind;
  epoch: number;
  globalStep: number;
}

/**
 * Reads a checkpoint and verifies every byte against its manifest.
 * @param path its folder; the guide's `model_epoch_100` or `model_epoch_100.pt` means the one of that epoch
 * @throws CheckpointMissing, CheckpointDamaged
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const found = await findCheckpoint(path);
  try {
    return { path: found, state: readState(await readFolder(found)) };
  } catch (error) {
    const reason = error instanceof ThumbrankError ? error.what : messageOf(error);
    throw new CheckpointDamaged(found, reason, error);
  }
}

/** Finds a run's newest checkpoint by step; skips damaged ones with a warning each. */
export async function latestCheckpoint(runFolder: string): Promise<LatestCheckpoint> {
  const warnings: string[] = [];
  for (const { name } of checkpointsAmong(await namesIn(runFolder))) {
    try {
      return { checkpoint: await readCheckpoint(join(runFolder, name)), warnings };
    } catch (error) {
      if (!(error instanceof CheckpointDamaged)) throw error;
      warnings.push(`${error.what}; using the one before it`);
    }
  }
  return { checkpoint: null, warnings };
}

async function findCheckpoint(path: string): Promise<string> {
  const folder = resolve(path.replace(/\.pt$/, ""));
  if (await isFolder(folder)) return folder;
  const siblings = checkpointsAmong(await namesIn(dirname(folder)));
  const ofEpoch = siblings.find(({ name }) => name.startsWith(`${basename(folder)}_step_`));
  if (ofEpoch === undefined) throw new CheckpointMissing(path);
  return join(dirname(folder), ofEpoch.name);
}

function readState(files: Record<string, Uint8Array>): TrainingState {
  const file = (name: string): Uint8Array => {
    const bytes = files[name];
    if (bytes === undefined) throw new Error(`${name} is not among its files`);
    return bytes;
  };
  const weights = (name: string): Weights =>
    readSafetensors(file(`${name}.safetensors`), `${name}.safetensors`).weights;
  const progress = parseProgress(Buffer.from(file("state.json")).toString("utf8"));
  const adamM = weights("adam_m");
  const adamV = weights("adam_v");
  const swa = weights("swa");
  return { tensors: { weights: weights("weights"), adamM, adamV, swa }, progress };
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The guide's `model_epoch_100`, followed by the step: `model_epoch_100_step_5000`, `rolling_epoch_100_step_5010`. */
export function checkpointName(kind: CheckpointKind, epoch: number, globalStep: number): string {
  return `${PREFIX[kind]}_epoch_${epoch}_step_${globalStep}`;
}

/** Checkpoints among folder names, the newest by step first. */
export function checkpointsAmong(names: string[]): CheckpointName[] {
  return names.flatMap(parse).sort((a, b) => b.globalStep - a.globalStep || (a.kind === "kept" ? -1 : 1));
}

function parse(name: string): CheckpointName[] {
  const [, prefix, epoch, step] = NAME.exec(name) ?? [];
  if (prefix === undefined) return [];
  return [{ name, kind: prefix === "model" ? "kept" : "rolling", epoch: Number(epoch), globalStep: Number(step) }];
}
