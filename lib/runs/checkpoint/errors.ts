import { messageOf, ThumbrankError } from "../../base";

/** No checkpoint exists at the given path. */
export class CheckpointMissing extends ThumbrankError {
  constructor(readonly path: string) {
    super("CHECKPOINT_MISSING", {
      what: `there is no checkpoint at ${path}`,
      next: "name a checkpoint's folder, such as checkpoints/RUN/model_epoch_100_step_5000, or start from the beginning without --resume",
    });
  }
}

/** A checkpoint whose files do not match its manifest. */
export class CheckpointDamaged extends ThumbrankError {
  constructor(
    readonly path: string,
    readonly reason: string,
    cause?: unknown,
  ) {
    super("CHECKPOINT_DAMAGED", {
      what: `the checkpoint ${path} is damaged: ${reason}`,
      next: "resume with --resume latest, which uses the newest intact one, or delete this folder",
      cause,
    });
  }
}

/** A checkpoint could not be written; earlier checkpoints are untouched. */
export class CheckpointNotWritten extends ThumbrankError {
  constructor(
    readonly path: string,
    override readonly cause: unknown,
  ) {
    super("CHECKPOINT_NOT_WRITTEN", {
      what: `the checkpoint ${path} could not be written: ${messageOf(cause)}`,
      next: "free disk space or correct the folder's rights, then resume with --resume latest; older checkpoints are intact",
      cause,
    });
  }
}
