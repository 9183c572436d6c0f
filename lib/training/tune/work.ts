import type { TrainingOptions } from "../../config";
import type { EngineOptions } from "../../engine";

/** What a step costs depends on this. */
export interface Work {
  clipDim: number;
  textDim: number;
  hiddenDim: number;
  training: TrainingOptions;
  /** Threads left out. */
  engine: EngineOptions;
}

/** A name for all work that costs the same. */
export function nameOf({ clipDim, textDim, hiddenDim, training, engine }: Work): string {
  const { precision = "float32", xla = false, device = "any device" } = engine;
  const sizes = `${clipDim} + ${textDim} to ${hiddenDim}, batch ${training.batchSize}`;
  return `${sizes}, ${precision}${xla ? ", XLA" : ""}, ${device}`;
}
