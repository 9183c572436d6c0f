import { ThumbrankError } from "../base";
import type { LockHolder } from "../files";
import type { EncoderIdentity } from "../store";

/** Vectors of two encoders, or two versions of one, in the same place. */
export class IdentityMixed extends ThumbrankError {
  constructor(
    readonly expected: EncoderIdentity,
    readonly found: EncoderIdentity,
    where: string,
  ) {
    super("EMBEDDING_IDENTITY_MIXED", {
      what: `${where} holds embeddings of ${describeEncoder(found)}, not of ${describeEncoder(expected)}`,
      next: "use the encoder that made them, or run `thumbrank embed` with the encoder you want",
    });
  }
}

/** An encoder that cannot take in pictures in the way that is asked for. */
export class GeometryUnsupported extends ThumbrankError {
  constructor(
    readonly model: string,
    readonly geometry: string,
    readonly supported: readonly string[],
  ) {
    super("EMBEDDING_GEOMETRY_UNSUPPORTED", {
      what: `${model} does not take in pictures as "${geometry}"`,
      next: `choose one of ${supported.join(", ")} with --geometry, or another encoder with --image`,
    });
  }
}

/** An embedding file that cannot be understood, or whose content contradicts its description. */
export class EmbeddingFileDamaged extends ThumbrankError {
  constructor(file: string, why: string, cause?: unknown) {
    super("EMBEDDING_FILE_DAMAGED", {
      what: `the embedding file ${file} cannot be used: ${why}`,
      next: "delete its folder and run `thumbrank embed` again",
      cause,
    });
  }
}

/** Another process is writing the same embedding file. */
export class EmbeddingFileBusy extends ThumbrankError {
  constructor(readonly holder: LockHolder) {
    super("EMBEDDING_FILE_BUSY", {
      what: `process ${holder.pid} on ${holder.host} is writing the embeddings in ${holder.folder}`,
      next: "wait until it ends, or stop it; what it has done is kept",
    });
  }
}

/** Hidden states of another part of a tower, or of another version of it, where ours belong. */
export class HiddenStatesUnusable extends ThumbrankError {
  constructor(
    readonly folder: string,
    why: string,
    cause?: unknown,
  ) {
    super("EMBEDDING_HIDDEN_STATES_UNUSABLE", {
      what: `the hidden states in ${folder} cannot be used: ${why}`,
      next: "delete that folder: the next fine-tuning computes them again",
      cause,
    });
  }
}

/** Pictures whose hidden states were not computed, or not to the end. */
export class HiddenStatesMissing extends ThumbrankError {
  constructor(
    readonly folder: string,
    readonly missing: string[],
    asked: number,
  ) {
    super("EMBEDDING_HIDDEN_STATES_MISSING", {
      what: `${missing.length} of ${asked} pictures have no hidden states in ${folder} (such as those of ${missing.slice(0, 3).join(", ")})`,
      next: "start the same fine-tuning again: it computes those that are missing first",
    });
  }
}

/** Less free space on the disk than hidden states take. */
export class HiddenStatesTooLarge extends ThumbrankError {
  constructor(
    readonly folder: string,
    readonly sizeBytes: number,
    readonly freeBytes: number,
  ) {
    super("EMBEDDING_HIDDEN_STATES_TOO_LARGE", {
      what: `the hidden states need ${gigabytes(sizeBytes)} in ${folder}, and ${gigabytes(freeBytes)} are free`,
      next: "free space there, choose another folder with --data-dir, or train on fewer pictures",
    });
  }
}

/** Hidden states that float16 cannot hold. */
export class HiddenStatesOutOfRange extends ThumbrankError {
  constructor(
    readonly videoId: string,
    readonly value: number,
  ) {
    super("EMBEDDING_HIDDEN_STATES_OUT_OF_RANGE", {
      what: `the hidden states of ${videoId} hold ${value}, which a float16 file cannot (65504 is its largest number)`,
      next: "check the picture and the weights; a tower with such activations must be trained from pixels",
    });
  }
}

/** Work for another encoder, or another version of this one. */
export class EncoderElsewhere extends ThumbrankError {
  constructor(
    kind: "image" | "text",
    readonly identity: EncoderIdentity,
  ) {
    super("EMBEDDING_ENCODER_ELSEWHERE", {
      what: `these ${kind === "image" ? "pictures" : "titles"} are to be embedded by another encoder than ${describeEncoder(identity)}`,
      next: "start this worker with the encoders, and the version of this program, that the work was made for",
    });
  }
}

/** Stored pictures that are on another machine. */
export class ThumbnailElsewhere extends ThumbrankError {
  constructor(
    readonly path: string,
    readonly absent: number,
    readonly pictures: number,
  ) {
    super("EMBEDDING_PICTURE_ELSEWHERE", {
      what: `${absent} of ${pictures} stored pictures are not on this machine, such as ${path}`,
      next: "share the folder data/thumbnails among the machines that fetch and embed pictures, or copy it there (docs/WORKERS.md)",
    });
  }
}

/** A thread that ended, or failed, while it worked on a picture. */
export class PictureThreadFailed extends ThumbrankError {
  constructor(
    readonly picture: string,
    why: string,
    cause?: unknown,
  ) {
    super("EMBEDDING_THREAD_FAILED", {
      what: `a thread failed with the picture ${picture}: ${why}`,
      next: "free memory, or take fewer threads (`--threads 1`); then the same command again, which continues from there",
      cause,
    });
  }
}

/** An encoder name that does not exist. */
export class EncoderUnknown extends ThumbrankError {
  constructor(kind: "image" | "text", name: string, known: readonly string[]) {
    super("EMBEDDING_ENCODER_UNKNOWN", {
      what: `there is no ${kind} encoder "${name}"`,
      next: `choose one of ${known.join(", ")}; or, of ${kind === "image" ? "a CLIP vision tower's" : "a sentence encoder's"} own folder, name that, or with --model-dir the one it is in`,
    });
  }
}

/** Describes an identity in one line, for messages. */
export function describeEncoder(identity: EncoderIdentity): string {
  return `${identity.model} (revision ${identity.revision}, ${identity.preprocessing}, ${identity.dimensions} dimensions)`;
}

function gigabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e9).toFixed(1)} GB`;
}
