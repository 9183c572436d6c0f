import { messageOf } from "../base";
import type { TrainingOptions } from "../config";
import type { EngineOptions, Threads } from "../engine";
import type { TrainingData } from "../features";
import type { Work } from "../training";
import { say } from "./context";
import { type EngineFlags, engineOptions } from "./engine-flags";

/** A few minutes of training; measuring takes a few seconds. */
const LONG_STEPS = 50_000;

/** A training that is about to start. */
export interface Planned {
  data: TrainingData;
  options: TrainingOptions;
  hiddenDim: number;
}

/**
 * The engine options of a training, with the number of threads: the flag's; with `--threads auto`, newly measured ones;
 * else those measured earlier on this machine for steps of this size; else, before a long training, newly measured
 * ones; else the engine's default. The next run gets the same choice; the engine is announced and recorded in
 * checkpoints.
 */
export async function withThreads(flags: EngineFlags, planned: Planned): Promise<EngineOptions> {
  const options = engineOptions(flags);
  if (options.interOpThreads !== undefined || !(await isOnProcessor(options))) return options;
  const { tunedThreads } = await import("../training");
  const work = toWork(planned, options);
  const kept = flags.threads === "auto" ? undefined : await tunedThreads(work);
  if (kept !== undefined) return { ...options, ...pickThreads(kept) };
  return flags.threads === "auto" || countSteps(planned) >= LONG_STEPS ? measured(work, options) : options;
}

async function measured(work: Work, options: EngineOptions): Promise<EngineOptions> {
  const { tuneThreads } = await import("../training");
  say("measuring which threads are fastest here, once for steps of this size");
  try {
    return { ...options, ...pickThreads(await tuneThreads(work)) };
  } catch (failure) {
    say(`threads could not be measured, and stay as they are: ${messageOf(failure)}`);
    return options;
  }
}

/** Whether the number of threads matters: a GPU has its own threads, and wasm has only one. */
async function isOnProcessor({ backend, device }: EngineOptions): Promise<boolean> {
  const { findLibrary } = await import("../engine");
  try {
    const { variant } = findLibrary();
    return (backend === "auto" || backend === "tensorflow") && (device === "cpu" || variant === "cpu");
  } catch {
    return false;
  }
}

function toWork({ data, options: training, hiddenDim }: Planned, engine: EngineOptions): Work {
  return { clipDim: data.imageDim, textDim: data.textDim, hiddenDim, training, engine };
}

function countSteps({ data, options }: Planned): number {
  return options.epochs * Math.ceil(data.pairs.train.winners.length / options.batchSize);
}

function pickThreads({ intraOpThreads, interOpThreads }: Threads): Threads {
  return { intraOpThreads, interOpThreads };
}
