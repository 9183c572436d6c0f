import type { TrainingOptions } from "../../config";
import type { EngineOptions, Threads } from "../../engine";

/** What a step costs depends on this. */
export interface Work {
  clipDim: number;
  textDim: number;
  hiddenDim: number;
  training: TrainingOptions;
  /** Threads left out. */
  engine: EngineOptions;
}

/** What the process that measures is given: choices that share their threads within one operation. */
export interface Task extends Work {
  choices: Threads[];
}

/** A name for all work that costs the same. */
export function nameOf({ clipDim, textDim, hiddenDim, training, engine }: Work): string {
  const { precision = "float32", xla = false, device = "any device" } = engine;
  const sizes = `${clipDim} + ${textDim} to ${hiddenDim}, batch ${training.batchSize}`;
  return `${sizes}, ${precision}${xla ? ", XLA" : ""}, ${device}`;
}
