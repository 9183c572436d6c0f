import { isDeepStrictEqual } from "node:util";
import { ThumbrankError } from "../base";
import { resolvePaths, type TrainingOptions } from "../config";
import type { SampleVideo } from "../dataset";
import type { FinishedRun } from "../runs";
import { type CommonFlags, withVideos } from "./context";
import type { RunFlags } from "./run-files";

/** Whether a home's store holds every video of this sample world, with its picture. */
export async function isWorldImported(flags: CommonFlags, world: SampleVideo[]): Promise<boolean> {
  const { isSampleImported } = await import("../dataset");
  return withVideos(flags, (store, paths) => isSampleImported(world, store, paths)).catch(unlessDone);
}

/** The run named by the flags, if it was trained to its end with these options on the current data; else null. */
export async function trainedBefore(flags: RunFlags, options: TrainingOptions): Promise<FinishedRun | null> {
  const { finishedRun } = await import("../runs");
  try {
    const run = await finishedRun(resolvePaths(flags.dataDir), flags.run, flags);
    return isDeepStrictEqual(run.training, options) ? run : null;
  } catch (thrown) {
    return unlessDone(thrown) || null;
  }
}

/** Codes of errors that mean a stage is not done yet, or must be done again. */
const UNDONE = new Set([
  "NO_VIDEOS",
  "NO_PAIRS",
  "ENCODER_NOT_EMBEDDED",
  "TRAINING_DATA_EMPTY",
  "EMBEDDING_VECTORS_DAMAGED",
  "RUN_UNKNOWN",
  "RUN_NOT_TRAINED",
  "RUN_DATA_CHANGED",
]);

function unlessDone(thrown: unknown): false {
  if (thrown instanceof ThumbrankError && UNDONE.has(thrown.code)) return false;
  throw thrown;
}
