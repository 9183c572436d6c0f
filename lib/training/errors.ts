import { ThumbrankError } from "../base";
import { LOSSES } from "./losses";
import type { StepValues } from "./records";

/** A loss or gradient that is no longer a number. */
export class TrainingDiverged extends ThumbrankError {
  constructor(
    readonly values: StepValues,
    readonly epoch: number,
    readonly step: number,
    learningRate: number,
  ) {
    const losses = LOSSES.map(({ name, label }) => `${label} loss ${values[name]}`);
    super("TRAINING_DIVERGED", {
      what: `training diverged in epoch ${epoch}, step ${step}, at learning rate ${learningRate}: ${losses.join(", ")}, gradient norm ${values.gradNorm}`,
      next: "check that features and targets are finite (run `thumbrank embed` again), then lower the learning rate; the last checkpoint is from before this step",
    });
  }
}

/** There are no pairs to train on. */
export class TrainingPairsMissing extends ThumbrankError {
  constructor(pairs: number, batchSize: number) {
    super("TRAINING_PAIRS_MISSING", {
      what: `${pairs} training pairs at batch size ${batchSize} make no batch of 2 pairs or more, which BatchNorm needs`,
      next: "run `thumbrank pairs` on more videos or with looser quality rules, and take a batch size of at least 2",
    });
  }
}

/** The start epoch differs from the training's position. */
export class StartEpochMismatch extends ThumbrankError {
  constructor(startEpoch: number, epoch: number) {
    super("TRAINING_START_MISMATCH", {
      what: `training is at the start of, or within, epoch ${epoch}, not at startEpoch ${startEpoch}`,
      next: "leave startEpoch out to continue where the training is, or load the checkpoint of that epoch first",
    });
  }
}

/** The state was requested, or restored, while a step was in progress. */
export class StepUnderWay extends ThumbrankError {
  constructor() {
    super("TRAINING_STEP_UNDER_WAY", {
      what: "the training state cannot be read or replaced while a step is running",
      next: "do it between two records of train(), or after stopping it",
    });
  }
}

/** One setting that differs; undefined on the side that lacks it. */
export interface Difference {
  setting: string;
  checkpoint: unknown;
  current: unknown;
}

/** A run was resumed with other settings or data than those of its checkpoint. */
export class CheckpointMismatch extends ThumbrankError {
  constructor(readonly differences: Difference[]) {
    super("CHECKPOINT_CONFIG_MISMATCH", {
      what: `the checkpoint was made with another configuration: ${differences.map(show).join(", ")}`,
      next: "resume with the same options, or start a new run with --run NAME",
    });
  }
}

function show({ setting, checkpoint, current }: Difference): string {
  const text = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value));
  return `${setting} was ${text(checkpoint)}, now ${text(current)}`;
}
