import { ThumbrankError } from "../../base";
import { BUILT_IN_ENCODERS, encoderFlags } from "../../config";

/** Files of a downloadable encoder. */
export interface ModelFiles {
  /** Its name on the hub, and its path below a folder in the hub's layout. */
  repository: string;
  /** Required files, the weights first. */
  files: readonly [weights: string, ...others: string[]];
}

/** A model folder that lacks files of the encoder. */
export class ModelFolderIncomplete extends ThumbrankError {
  constructor(
    readonly folder: string,
    model: ModelFiles,
  ) {
    super("EMBEDDING_MODEL_FOLDER", {
      what: `${folder} does not hold ${model.repository}: no folder below it has all of ${model.files.join(", ")}`,
      next: `give --model-dir a folder laid out like the hub: ${describeLayout(model)}`,
    });
  }
}

/** The hub did not answer, or does not have the model. */
export class HubUnreachable extends ThumbrankError {
  constructor(
    readonly hub: string,
    model: ModelFiles,
    why: string,
    cause: unknown,
  ) {
    super("EMBEDDING_HUB_UNREACHABLE", {
      what: `${model.repository} could not be downloaded from ${hub}: ${why}`,
      next:
        `check the connection; or download its files elsewhere and give their folder with --model-dir, laid out like the hub: ` +
        `${describeLayout(model)}; or use the built-in encoders (${encoderFlags(BUILT_IN_ENCODERS)})`,
      cause,
    });
  }
}

/** Files that exist, but are not those of the encoder. */
export class ModelUnusable extends ThumbrankError {
  constructor(model: ModelFiles, folder: string, why: string, cause?: unknown) {
    super("EMBEDDING_MODEL_UNUSABLE", {
      what: `the model ${model.repository} in ${folder} cannot be used: ${why}`,
      next: `delete ${folder} and fetch its files again: ${model.files.join(", ")}`,
      cause,
    });
  }
}

function describeLayout({ repository, files }: ModelFiles): string {
  return files.map((file) => `DIR/${repository}/${file}`).join(", ");
}
