import { ThumbrankError } from "../base";

/** Fine-tuning CLIP was requested; only training on stored embeddings is available. */
export class FineTuningUnavailable extends ThumbrankError {
  constructor(freezeClip: boolean, fineTuneBlocks: number) {
    super("MODEL_FINE_TUNING_UNAVAILABLE", {
      what: `freezeClip ${freezeClip} with fineTuneBlocks ${fineTuneBlocks} trains CLIP itself and needs pixels; fine-tuning comes later, this version trains on stored embeddings`,
      next: "set freezeClip true and fineTuneBlocks 0, and make embeddings with `thumbrank embed`",
    });
  }
}

/** Weights that do not fit the model's options. */
export class WeightsMismatch extends ThumbrankError {
  constructor(readonly differences: string[]) {
    super("MODEL_WEIGHTS_MISMATCH", {
      what: `the weights do not fit this model: ${differences.slice(0, 5).join("; ")}${differences.length > 5 ? `; and ${differences.length - 5} more` : ""}`,
      next: "use the clipDim, textDim and hiddenDim that the weights were trained with (model.json has them)",
    });
  }
}

/** A file that is not the safetensors it claims to be. */
export class SafetensorsInvalid extends ThumbrankError {
  constructor(source: string, reason: string) {
    super("SAFETENSORS_INVALID", {
      what: `${source} is not a valid safetensors file: ${reason}`,
      next: "copy the file again from its source; it is truncated, damaged or in another format",
    });
  }
}

/** A folder without a CLIP vision tower, or with one of an unsupported kind. */
export class VisionFolderUnusable extends ThumbrankError {
  constructor(
    readonly folder: string,
    why: string,
    cause?: unknown,
  ) {
    super("MODEL_VISION_FOLDER", {
      what: `the CLIP vision tower in ${folder} cannot be used: ${why}`,
      next: "use a folder of a CLIPVisionModelWithProjection or CLIPModel as transformers saves it, with config.json, preprocessor_config.json and model.safetensors",
      cause,
    });
  }
}
