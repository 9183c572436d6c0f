import { mean } from "../side-by-side/statistics";
import type { Clocked } from "./clock";

/** A whole training. */
export interface Plan {
  epochs: number;
  /** Epochs that SWA averages, the last ones. */
  averagedEpochs: number;
  stepsPerEpoch: number;
  /** Minutes between rolling checkpoints. */
  checkpointMinutes: number;
  /** Epochs between checkpoints that are kept. */
  keptEpochs: number;
}

/** Seconds of each part, once. */
export interface Parts {
  /** Compiling included: the mean over all steps, in which every pause counts. */
  step: number;
  validation: number;
  /** Validation and SWA's average. */
  averagedEpoch: number;
  checkpoint: number;
  finish: number;
}

/** The parts of a run whose last epoch was averaged; the first epoch's validation compiles, and counts if it is the only one. */
export function partsOf({ seconds }: Clocked): Parts {
  const plain = seconds.epoch.slice(0, -1);
  return {
    step: mean(seconds.step),
    validation: mean(plain.length > 1 ? plain.slice(1) : plain),
    averagedEpoch: seconds.epoch.at(-1) as number,
    checkpoint: mean(seconds.checkpoint),
    finish: mean(seconds.finish),
  };
}

/** Hours of a whole training of these parts. */
export function hoursOf(parts: Parts, plan: Plan): number {
  const { epochs, averagedEpochs } = plan;
  const steps = epochs * plan.stepsPerEpoch * parts.step;
  const ends = (epochs - averagedEpochs) * parts.validation + averagedEpochs * parts.averagedEpoch;
  const kept = Math.ceil(epochs / plan.keptEpochs) * parts.checkpoint;
  const once = steps + ends + kept + parts.finish;
  // A rolling checkpoint lengthens the training, and the next ones come that much later.
  const rolling = (once / (plan.checkpointMinutes * 60)) * parts.checkpoint;
  return (once + rolling) / 3600;
}
