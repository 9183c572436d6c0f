import { namesIn } from "../files";
import { CheckpointMismatch, compareConfig } from "../training";
import { latestCheckpoint } from "./checkpoint/read";
import type { RunOptions } from "./run";
import { runFolder, TRAINED } from "./trained";

/**
 * Chooses how to start a run whose name may have been used before, for a notebook cell that is run repeatedly: a run
 * that was stopped early continues if settings and data are the same; otherwise it is overwritten.
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
