import { ThumbrankError } from "../base";

/** CLIP is to be frozen and fine-tuned at once, or neither. */
export class PhaseContradictory extends ThumbrankError {
  constructor(freezeClip: boolean, fineTuneBlocks: number | "all") {
    super("MODEL_PHASE_CONTRADICTORY", {
      what: `freezeClip ${freezeClip} contradicts fineTuneBlocks ${fineTuneBlocks}`,
      next: "for phase 1 set freezeClip true and fineTuneBlocks 0; for phases 2 and 3 set freezeClip false and the number of CLIP's last blocks to fine-tune, or all",
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

/** A folder without LoRA adapters, or with adapters that do not fit the tower, or of an unsupported kind. */
export class AdapterFolderUnusable extends ThumbrankError {
  constructor(
    readonly folder: string,
    why: string,
    cause?: unknown,
  ) {
    super("MODEL_ADAPTER_FOLDER", {
      what: `the adapters in ${folder} cannot be used: ${why}`,
      next: "use a folder of plain LoRA adapters of this vision tower as peft saves it, with adapter_config.json and adapter_model.safetensors; or merge them in Python with merge_and_unload and use the saved tower",
      cause,
    });
  }
}
