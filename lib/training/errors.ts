import { ThumbrankError } from "../errors";
import type { EncoderIdentity } from "../store";
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
      next: "check that features and targets are finite (`thumbrank embed` anew), then lower the learning rate; the last checkpoint is from before this step",
    });
  }
}

/** Nothing to train on. */
export class TrainingPairsMissing extends ThumbrankError {
  constructor(pairs: number, batchSize: number) {
    super("TRAINING_PAIRS_MISSING", {
      what: `${pairs} training pairs at batch size ${batchSize} make no batch of 2 pairs or more, which BatchNorm needs`,
      next: "run `thumbrank pairs` on more videos or with looser quality rules, and take a batch size of at least 2",
    });
  }
}

/** No rated video has both of its vectors. */
export class TrainingDataEmpty extends ThumbrankError {
  constructor(rated: number) {
    super("TRAINING_DATA_EMPTY", {
      what: `none of ${rated} rated videos has both an image and a title vector`,
      next: rated === 0 ? "run `thumbrank pairs` first" : "run `thumbrank embed` with the same encoders first",
    });
  }
}

/** Targets blended with signals were asked for, and nothing was measured. */
export class SignalsMissing extends ThumbrankError {
  constructor() {
    super("TRAINING_SIGNALS_MISSING", {
      what: 'auxiliary "signals" blends the sub-scores\' targets with what was measured in pictures, and nothing was',
      next: 'set auxiliary to "ctr", or give assembleTrainingData the signals',
    });
  }
}

/** Embeddings of another width than the model's input. */
export class FeatureWidthMismatch extends ThumbrankError {
  constructor(data: { imageDim: number; textDim: number }, model: { clipDim: number; textDim: number }) {
    super("TRAINING_WIDTH_MISMATCH", {
      what: `the embeddings are ${data.imageDim} + ${data.textDim} wide, the model takes ${model.clipDim} + ${model.textDim}`,
      next: "set clipDim and textDim of the model to the embeddings' widths, or choose other encoders",
    });
  }
}

/** Embeddings stored in another way than the settings say. */
export class FeatureStorageMismatch extends ThumbrankError {
  constructor(data: string, options: string) {
    super("TRAINING_STORAGE_MISMATCH", {
      what: `the features are stored as ${data}, the settings say featureStorage ${options}`,
      next: "load the training data with the settings that it is trained with",
    });
  }
}

/** A start epoch that is not where the training stands. */
export class StartEpochMismatch extends ThumbrankError {
  constructor(startEpoch: number, epoch: number) {
    super("TRAINING_START_MISMATCH", {
      what: `training stands at the start of, or within, epoch ${epoch}, not at startEpoch ${startEpoch}`,
      next: "leave startEpoch out to go on where the training stands, or load the checkpoint of that epoch first",
    });
  }
}

/** A checkpoint named after an epoch that the training is not at. */
export class CheckpointEpochMismatch extends ThumbrankError {
  constructor(asked: number, epoch: number, step: number) {
    super("TRAINING_CHECKPOINT_EPOCH", {
      what: `a checkpoint of ${asked} epochs was asked for, but ${epoch} epochs and ${step} steps are done`,
      next: "give the number of epochs done: after epoch 99 it is 100",
    });
  }
}

/** The state was asked for, or given, while a step was under way. */
export class StepUnderWay extends ThumbrankError {
  constructor() {
    super("TRAINING_STEP_UNDER_WAY", {
      what: "the training state cannot be read or replaced while a step is under way",
      next: "do it between two records of train(), or after stopping it",
    });
  }
}

/** No embedding file for what training needs. */
export class EncoderNotEmbedded extends ThumbrankError {
  constructor(
    readonly kind: EncoderIdentity["kind"],
    readonly model?: string,
  ) {
    super("ENCODER_NOT_EMBEDDED", {
      what: `there are no ${kind} embeddings${model === undefined ? "" : ` by ${model}`} in this home`,
      next: `run \`thumbrank embed --${kind} ${model ?? "ENCODER"}\` first`,
    });
  }
}

/** Embeddings of several encoders, and none was named. */
export class EncoderAmbiguous extends ThumbrankError {
  constructor(
    readonly kind: EncoderIdentity["kind"],
    readonly identities: readonly EncoderIdentity[],
  ) {
    const names = identities.map(({ model, revision }) => `${model} (${revision})`);
    super("ENCODER_AMBIGUOUS", {
      what: `there are ${kind} embeddings by several encoders: ${names.join(", ")}`,
      next: `name one with --${kind}; of two revisions of one encoder, remove the older one's folder below data/embeddings`,
    });
  }
}

/** A new start in the folder of an earlier run. */
export class RunExists extends ThumbrankError {
  constructor(
    readonly run: string,
    readonly folder: string,
  ) {
    super("RUN_EXISTS", {
      what: `the run ${run} has checkpoints already, in ${folder}`,
      next: "go on with --resume latest, name another run with --run, or remove the earlier one with --overwrite",
    });
  }
}

/** A run's name that is no plain folder name. */
export class RunNameInvalid extends ThumbrankError {
  constructor(readonly run: string) {
    super("RUN_NAME_INVALID", {
      what: `${JSON.stringify(run)} cannot name a run`,
      next: "take letters, digits, dots, dashes and underscores, at most 64, the first a letter or digit",
    });
  }
}

/** Videos, folds, pairs or vectors are no longer those of the training: test videos may be among the trained ones. */
export class RunDataChanged extends ThumbrankError {
  constructor(
    readonly run: string,
    trainedOn: string,
    now: string,
  ) {
    super("RUN_DATA_CHANGED", {
      what: `the data are no longer those that the run ${run} was trained on (SHA-256 ${trainedOn.slice(0, 12)}, now ${now.slice(0, 12)}), so what it trained on may be in the test`,
      next: "run `thumbrank pairs` and `thumbrank embed` with the options of then, or train again",
    });
  }
}
