import { ThumbrankError } from "../../base";
import type { EncoderIdentity } from "../../store";
import { embedFlags } from "../encoders";
import { describeEncoder } from "../errors";

/** Videos that were never embedded. */
export class EmbeddingsMissing extends ThumbrankError {
  constructor(
    readonly identity: EncoderIdentity,
    readonly missing: string[],
    asked: number,
  ) {
    const some = missing.slice(0, 3).join(", ");
    super("EMBEDDING_MISSING", {
      what: `${missing.length} of ${asked} videos have no ${describeEncoder(identity)} embedding (such as ${some})`,
      next: `run \`thumbrank embed ${embedFlags(identity)}\``,
    });
  }
}

/** Vectors that differ from what was written. */
export class EmbeddingsDamaged extends ThumbrankError {
  constructor(
    readonly identity: EncoderIdentity,
    readonly damaged: string[],
    asked: number,
  ) {
    const some = damaged.slice(0, 3).join(", ");
    super("EMBEDDING_VECTORS_DAMAGED", {
      what: `${damaged.length} of ${asked} ${describeEncoder(identity)} embeddings are damaged on the disk (such as those of ${some})`,
      next: `run \`thumbrank embed\` with ${embedFlags(identity)}: it finds them all and makes them again; then check the disk`,
    });
  }
}
