import { rm } from "node:fs/promises";
import { join } from "node:path";
import { namesIn, removeStale, writeFolder } from "../../files";
import { writeSafetensors } from "../../model";
import type { TrainingState } from "../../training";
import { CheckpointNotWritten } from "./errors";
import { showProgress } from "./progress";
import { type CheckpointKind, checkpointName, checkpointsAmong } from "./read";

/** Number of rolling checkpoints kept: the newest, and the previous one in case the newest is damaged. */
const ROLLING = 2;

/**
 * Writes a checkpoint of a run atomically, then removes all but the newest two rolling ones.
 * @param runFolder such as `checkpoints/first`
 * @returns the checkpoint's folder
 * @throws CheckpointNotWritten; the run's other checkpoints are then unchanged
 */
export async function writeCheckpoint(runFolder: string, state: TrainingState, kind: CheckpointKind): Promise<string> {
  const { epoch, globalStep } = state.progress;
  const path = join(runFolder, checkpointName(kind, epoch, globalStep));
  try {
    await removeStale(runFolder);
    await writeFolder(path, toFiles(state));
    await prune(runFolder, globalStep);
  } catch (error) {
    throw new CheckpointNotWritten(path, error);
  }
  return path;
}

/** A checkpoint's files by name. */
export function toFiles({ tensors, progress }: TrainingState): Record<string, Uint8Array> {
  return {
    "weights.safetensors": writeSafetensors(tensors.weights),
    "adam_m.safetensors": writeSafetensors(tensors.adamM),
    "adam_v.safetensors": writeSafetensors(tensors.adamV),
    "swa.safetensors": writeSafetensors(tensors.swa),
    "state.json": Buffer.from(showProgress(progress)),
  };
}

/**
 * Ignores checkpoints newer than the one just written: after a resume from an earlier one, later ones may be damaged,
 * and must not push out the good ones.
 */
async function prune(runFolder: string, globalStep: number): Promise<void> {
  const rolling = checkpointsAmong(await namesIn(runFolder)).filter((found) => found.kind === "rolling");
  const past = rolling.filter((found) => found.globalStep <= globalStep);
  for (const { name } of past.slice(ROLLING)) await rm(join(runFolder, name), { recursive: true, force: true });
}
