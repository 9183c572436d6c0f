import { listed, ThumbrankError } from "../base";

/** A checkpoint was named after an epoch other than the training's current one. */
export class CheckpointEpochMismatch extends ThumbrankError {
  constructor(asked: number, epoch: number, step: number) {
    super("TRAINING_CHECKPOINT_EPOCH", {
      what: `a checkpoint of ${asked} epochs was asked for, but ${epoch} epochs and ${step} steps are done`,
      next: "give the number of epochs done: after epoch 99 it is 100",
    });
  }
}

/** A new run was started in the folder of an earlier run. */
export class RunExists extends ThumbrankError {
  constructor(
    readonly run: string,
    readonly folder: string,
  ) {
    super("RUN_EXISTS", {
      what: `the run ${run} has checkpoints already, in ${folder}`,
      next: "continue with --resume latest, name another run with --run, or remove the earlier one with --overwrite",
    });
  }
}

/** A run that was never started. */
export class RunUnknown extends ThumbrankError {
  constructor(
    readonly run: string,
    /** Names of the existing runs. */
    readonly runs: readonly string[],
  ) {
    super("RUN_UNKNOWN", {
      what: `there is no run ${run}; ${runs.length === 0 ? "none exists yet" : `there are ${listed(runs)}`}`,
      next: `${runs.length === 0 ? "" : "name one of those, or "}train it with \`thumbrank train --run ${run}\``,
    });
  }
}

/** The name of a run is not a plain folder name. */
export class RunNameInvalid extends ThumbrankError {
  constructor(readonly run: string) {
    super("RUN_NAME_INVALID", {
      what: `${JSON.stringify(run)} cannot name a run`,
      next: "use letters, digits, dots, dashes and underscores, at most 64, the first a letter or digit",
    });
  }
}

/** Videos, folds, pairs or vectors have changed since the training: test videos may be among the trained ones. */
export class RunDataChanged extends ThumbrankError {
  constructor(
    readonly run: string,
    trainedOn: string,
    now: string,
  ) {
    super("RUN_DATA_CHANGED", {
      what: `the data is no longer what the run ${run} was trained on (SHA-256 ${trainedOn.slice(0, 12)}, now ${now.slice(0, 12)}), so training videos may now be in the test`,
      next: "run `thumbrank pairs` and `thumbrank embed` with the original options, or train again",
    });
  }
}

/** A vision tower that cannot be fine-tuned with this data or these heads. */
export class FineTuningImpossible extends ThumbrankError {
  constructor(why: string) {
    super("FINE_TUNING_IMPOSSIBLE", {
      what: `CLIP cannot be fine-tuned: ${why}`,
      next: "embed the home with the same tower (`thumbrank embed --image FOLDER --geometry NAME`), train heads on those vectors, then fine-tune with `--tower FOLDER`; geometries: crop, squash, wide, full",
    });
  }
}
