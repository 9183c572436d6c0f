import { messageOf } from "../base";
import type { TrainingOptions } from "../config";
import type { EngineOptions, Threads } from "../engine";
import type { TrainingData } from "../features";
import type { Work } from "../training";
import { say } from "./context";
import { type EngineFlags, engineOptions } from "./engine-flags";

/** Some minutes of training, of which measuring takes a few seconds. */
const LONG_STEPS = 50_000;

/** A training to come. */
export interface Planned {
  data: TrainingData;
  options: TrainingOptions;
  hiddenDim: number;
}

/**
 * The engine's options of a training, with its threads: those of the flag; else those measured on this machine for steps
 * of this size; else, with `--threads auto` or before a long training, measured now; else the engine's default. Whatever
 * is chosen is the same at the next run, and what computes is announced and kept in checkpoints.
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

/** A GPU has its own threads, and wasm has one. */
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
