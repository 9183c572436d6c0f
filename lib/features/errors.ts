import { listed, ThumbrankError } from "../base";
import { BUILT_IN_ENCODERS, encoderFlags } from "../config";
import { embedFlags, geometryOf } from "../embedding";
import type { EncoderIdentity } from "../store";

/** No rated video has both an image and a title vector. */
export class TrainingDataEmpty extends ThumbrankError {
  constructor(rated: number, image: EncoderIdentity, text: EncoderIdentity) {
    super("TRAINING_DATA_EMPTY", {
      what: `none of ${rated} rated videos has both an image vector by ${describe(image)} and a title vector by ${describe(text)}`,
      next: `embed them with \`thumbrank embed ${embedFlags(image)} ${embedFlags(text)}\``,
    });
  }
}

/** The CTR target "neighbours" needs what `thumbrank pairs` computes, and these pairs are older. */
export class CtrTargetMissing extends ThumbrankError {
  constructor() {
    super("TRAINING_TARGET_MISSING", {
      what: 'these pairs were built by an earlier version, without the percentiles that ctrTarget "neighbours" learns',
      next: "build them again with `thumbrank pairs` and its earlier flags, or train with --ctr-target channel",
    });
  }
}

/** Targets blended with signals were requested, but no signals were measured. */
export class SignalsMissing extends ThumbrankError {
  constructor() {
    super("TRAINING_SIGNALS_MISSING", {
      what: 'auxiliary "signals" blends the sub-scores\' targets with what was measured in pictures, and nothing was',
      next: 'set auxiliary to "ctr", or give joinFeatures the signals',
    });
  }
}

/** Embeddings whose width differs from the model's input. */
export class FeatureWidthMismatch extends ThumbrankError {
  constructor(data: { imageDim: number; textDim: number }, model: { clipDim: number; textDim: number }) {
    super("TRAINING_WIDTH_MISMATCH", {
      what: `the embeddings are ${data.imageDim} + ${data.textDim} wide, the model takes ${model.clipDim} + ${model.textDim}`,
      next: "set clipDim and textDim of the model to the embeddings' widths, or choose other encoders",
    });
  }
}

/** Embeddings stored in another format than the settings say. */
export class FeatureStorageMismatch extends ThumbrankError {
  constructor(data: string, options: string) {
    super("TRAINING_STORAGE_MISMATCH", {
      what: `the features are stored as ${data}, the settings say featureStorage ${options}`,
      next: "load the training data with the settings that it is trained with",
    });
  }
}

/** Training needs an embedding file that does not exist. */
export class EncoderNotEmbedded extends ThumbrankError {
  constructor(
    readonly kind: EncoderIdentity["kind"],
    embedded: readonly EncoderIdentity[],
    readonly model?: string,
    readonly geometry?: string,
  ) {
    const others = embedded.map(describe);
    const ways = geometry === undefined ? "" : ` in the geometry ${geometry}`;
    super("ENCODER_NOT_EMBEDDED", {
      what: `there are no ${kind} embeddings${model === undefined ? "" : ` by ${model}`}${ways} in this home${others.length === 0 ? "" : `, but by ${listed(others)}`}`,
      next:
        others.length === 0
          ? `embed with \`thumbrank embed ${encoderFlags(BUILT_IN_ENCODERS)}\`, the built-in encoders, or with CLIP and MiniLM`
          : `name one of those with --${kind}${kind === "image" ? " and --geometry" : ""}, or embed with \`thumbrank embed\` and the encoder you want`,
    });
  }
}

/** There are embeddings of several encoders, and no encoder was named. */
export class EncoderAmbiguous extends ThumbrankError {
  constructor(
    readonly kind: EncoderIdentity["kind"],
    readonly identities: readonly EncoderIdentity[],
  ) {
    const names = identities.map((identity) => `${describe(identity)} (${identity.revision})`);
    super("ENCODER_AMBIGUOUS", {
      what: `there are ${kind} embeddings by several encoders: ${names.join(", ")}`,
      next: `name one with --${kind}${kind === "image" ? " and --geometry" : ""}; of two revisions of one encoder, remove the older one's folder below data/embeddings`,
    });
  }
}

function describe({ kind, model, preprocessing }: EncoderIdentity): string {
  return kind === "text" ? model : `${model} ${geometryOf(preprocessing)}`;
}
