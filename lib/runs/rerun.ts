import { namesIn } from "../files";
import { CheckpointMismatch, compareConfig } from "../training";
import { latestCheckpoint } from "./checkpoint/read";
import type { RunOptions } from "./run";
import { runFolder, TRAINED } from "./trained";

/**
 * How to start a run whose name may have been used before, in a cell that is run again and again: a run that was
 * stopped before its end, with these very settings and data, continues; anything else is trained from the start, and
 * what it left is removed.
 */
export async function rerun({
  name,
  paths,
  pipeline,
  numEpochs,
}: Pick<RunOptions, "name" | "paths" | "pipeline" | "numEpochs">): Promise<Pick<RunOptions, "resume" | "overwrite">> {
  const folder = runFolder(paths, name);
  const { checkpoint } = await latestCheckpoint(folder);
  if (checkpoint === null) return { overwrite: true };
  const { progress } = checkpoint.state;
  if (progress.epoch >= numEpochs && (await namesIn(folder)).includes(TRAINED)) return { overwrite: true };
  const { config, dataHash } = (await pipeline.state()).progress;
  return isSame({ ...progress.config, dataHash: progress.dataHash }, { ...config, dataHash })
    ? { resume: "latest" }
    : { overwrite: true };
}

function isSame(checkpoint: unknown, current: unknown): boolean {
  try {
    compareConfig(checkpoint, current);
    return true;
  } catch (error) {
    if (error instanceof CheckpointMismatch) return false;
    throw error;
  }
}
