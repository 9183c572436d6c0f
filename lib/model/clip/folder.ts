import { join } from "node:path";
import { writeAtomically } from "../../files";
import type { WeightArray } from "../architecture";
import { VisionFolderUnusable } from "../errors";
import { readFolderJson } from "../folder-json";
import { safetensorsChunks } from "../safetensors";
import { SafetensorsFile, type TensorPlace } from "../safetensors-file";
import { type VisionConfig, VisionConfigFile, visionConfigFile } from "./config";
import { CLIP_DEVIATIONS, CLIP_MEANS, PreprocessorFile, preprocessorFile, type VisionInput } from "./preprocessor";
import { visionSpecs } from "./specs";

/** Files of a vision tower's folder; the first two make its embeddings. */
export const VISION_FILES = ["model.safetensors", "config.json", "preprocessor_config.json"] as const;
const [WEIGHTS_FILE, CONFIG_FILE, PREPROCESSOR_FILE] = VISION_FILES;
/** What `CLIPModel` and wrappers around it may put before each name. */
const PREFIXES = ["", "clip.", "model."];

/** A CLIP vision tower in a Hugging Face folder, open for reading. */
export interface VisionFolder {
  folder: string;
  config: VisionConfig;
  input: VisionInput;
  /**
   * Reads one weight by its name in `visionSpecs`; float16 and bfloat16 are converted to float32.
   * @param allocate makes the array for the values
   */
  read(name: string, allocate?: (length: number) => Float32Array<ArrayBuffer>): Promise<WeightArray>;
  /** Where a weight lies in `model.safetensors`, by its name in `visionSpecs`. */
  placeOf(name: string): TensorPlace;
  close(): Promise<void>;
}

/**
 * Opens a folder of a CLIPVisionModelWithProjection, or of a whole CLIPModel, as `transformers` saves it. Weights stay
 * in their file until they are read; those of a text tower, and `position_ids`, never are.
 * @throws VisionFolderUnusable, SafetensorsInvalid
 */
export async function openVisionFolder(folder: string): Promise<VisionFolder> {
  const unusable = (why: string, cause?: unknown) => new VisionFolderUnusable(folder, why, cause);
  const config = await readFolderJson(folder, CONFIG_FILE, VisionConfigFile, unusable);
  if (config === null) throw unusable(`${CONFIG_FILE} is missing`);
  const input = (await readFolderJson(folder, PREPROCESSOR_FILE, PreprocessorFile, unusable)) ?? squareInput(config);
  const { width, height } = input;
  if (width % config.patchSize !== 0 || height % config.patchSize !== 0)
    throw new VisionFolderUnusable(
      folder,
      `${PREPROCESSOR_FILE}: ${width}x${height} pixels are no whole number of patches of ${config.patchSize}`,
    );
  const file = await SafetensorsFile.open(join(folder, WEIGHTS_FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new VisionFolderUnusable(folder, `${WEIGHTS_FILE} is missing`, error);
  });
  try {
    const prefix = findPrefix(folder, file, config);
    return {
      folder,
      config,
      input,
      read: (name, allocate) => file.read(prefix + name, allocate),
      placeOf: (name) => file.placeOf(prefix + name),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** CLIP's own input: the middle square. */
export function squareInput({ imageSize }: VisionConfig): VisionInput {
  return { width: imageSize, height: imageSize, fit: "crop", means: CLIP_MEANS, deviations: CLIP_DEVIATIONS };
}

/** Checks that all weights are there in their shapes. @returns what stands before each name */
function findPrefix(folder: string, { tensors }: SafetensorsFile, config: VisionConfig): string {
  const specs = visionSpecs(config);
  const prefix = PREFIXES.find((one) => tensors.has(one + specs[0]?.name)) ?? "";
  for (const { name, shape } of specs) {
    const found = tensors.get(prefix + name)?.shape;
    if (found === undefined) throw new VisionFolderUnusable(folder, `${WEIGHTS_FILE} has no tensor ${name}`);
    if (found.join() !== shape.join())
      throw new VisionFolderUnusable(
        folder,
        `${WEIGHTS_FILE} has ${name} of shape [${found.join(", ")}]; ${CONFIG_FILE} makes it [${shape.join(", ")}]`,
      );
  }
  return prefix;
}

/**
 * Saves a tower so that `CLIPVisionModelWithProjection.from_pretrained` and `CLIPImageProcessor.from_pretrained` read
 * it: one weight at a time, the weights' file last. An input that is not the tower's own square needs
 * `interpolate_pos_encoding=True` in Python.
 * @param read values of a weight by its name in `visionSpecs`
 * @throws what the file system throws
 */
export async function saveVisionFolder(
  folder: string,
  { config, input }: { config: VisionConfig; input: VisionInput },
  read: (name: string) => Promise<WeightArray>,
): Promise<void> {
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  await writeAtomically(join(folder, CONFIG_FILE), json(visionConfigFile(config)));
  await writeAtomically(join(folder, PREPROCESSOR_FILE), json(preprocessorFile(input)));
  await writeAtomically(join(folder, WEIGHTS_FILE), safetensorsChunks(visionSpecs(config), read, { format: "pt" }));
}
