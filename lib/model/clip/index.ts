/** CLIP's vision tower in plain TensorFlow.js operations, with the names and files of Hugging Face's `transformers`. */
export { ownGrid, type PatchGrid, tokenCount, type VisionConfig } from "./config";
export { openVisionFolder, saveVisionFolder, squareInput, VISION_FILES, type VisionFolder } from "./folder";
export { type BlockRange, embedPatches, embedPixels, poolAndProject, runBlocks } from "./forward";
export {
  LORA_DEFAULTS,
  LORA_TARGETS,
  type LoraAdapters,
  type LoraOptions,
  type LoraScale,
  type LoraTarget,
  loraSpecs,
  mergeLora,
  withLora,
} from "./lora";
export { ADAPTER_FILES, type AdaptedTower, readAdapters, saveAdapters } from "./lora-folder";
export { positionValues } from "./positions";
export { CLIP_DEVIATIONS, CLIP_MEANS, type VisionInput } from "./preprocessor";
export { BLOCKS, blockNames, trainedNames, VISION, VISION_NAMES, type VisionSpec, visionSpecs } from "./specs";
