import { ThumbrankError } from "../base";

/** Predictions that do not match the rows of the data. */
export class RowsMismatch extends ThumbrankError {
  constructor(
    readonly array: string,
    readonly found: number,
    readonly expected: number,
  ) {
    super("EVALUATION_ROWS_MISMATCH", {
      what: `${array} holds ${found} values for ${expected} videos`,
      next: "predict for the same data that is evaluated: every video once, in the same order",
    });
  }
}

/** A prediction that is not a finite number. */
export class PredictionNotFinite extends ThumbrankError {
  constructor(
    readonly array: string,
    readonly videoId: string,
    readonly value: number,
  ) {
    super("EVALUATION_NOT_FINITE", {
      what: `${array} of video ${videoId} is ${value}`,
      next: "training has diverged: lower the learning rate (`train --lr`) and train again, or use an earlier checkpoint",
    });
  }
}

/** The sample world's true appeal does not cover the data. */
export class AppealMissing extends ThumbrankError {
  constructor(
    readonly missing: number,
    readonly example: string,
  ) {
    super("EVALUATION_APPEAL_MISSING", {
      what: `the true appeal of ${missing} videos to be evaluated is not known, such as ${example}`,
      next: "evaluate the sample world alone, or without its true appeal if other videos were imported beside it",
    });
  }
}

/** An exported model that was trained on all channels of the data. */
export class ChannelsKnown extends ThumbrankError {
  constructor(
    readonly model: string,
    readonly channels: number,
  ) {
    super("EVALUATION_CHANNELS_KNOWN", {
      what: `the model ${model} was trained on ${channels} channels of this home, and no pair of another channel is left`,
      next: "evaluate it in a home with videos of other channels (`--data-dir`), or its run with `thumbrank evaluate --run`",
    });
  }
}

/** Runs that are compared were evaluated on different pairs. */
export class RunsNotComparable extends ThumbrankError {
  constructor(
    readonly run: string,
    readonly other: string,
    readonly split: string,
  ) {
    super("RUNS_NOT_COMPARABLE", {
      what: `the runs ${run} and ${other} were evaluated on different pairs (${split}), so hard channels of one may be missing in the other`,
      next: "evaluate both on the same videos, folds and pairs, or add --unpaired: each is then resampled by itself, which needs a much larger difference to tell them apart",
    });
  }
}
