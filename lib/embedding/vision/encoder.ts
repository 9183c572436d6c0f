import { existsSync } from "node:fs";
import { join } from "node:path";
import { defaultThreads, openEngine } from "../../engine";
import type { EncoderIdentity } from "../../store";
import { decodeThumbnail } from "../../thumbnails";
import { type ImageEncoder, isPixels } from "../encoder";
import { openTowerDecoder } from "./decoder";
import { type TowerOptions, VisionTower } from "./tower";

/**
 * Opens any CLIP vision tower of a folder as an encoder of pictures, in plain TensorFlow.js on our engine.
 * @param folder as `transformers` saves a CLIPVisionModelWithProjection or a CLIPModel
 * @throws VisionFolderUnusable, SafetensorsInvalid, GeometryUnsupported
 */
export async function openVisionEncoder(folder: string, options: TowerOptions): Promise<ImageEncoder> {
  // A picture's blocks run one after another, so the cores share the matrix products of each.
  const { interOpThreads: cores } = defaultThreads();
  const engine = await openEngine({ intraOpThreads: cores, interOpThreads: 2 });
  try {
    const tower = await VisionTower.open(engine, folder, options);
    const { geometry, width, height } = tower.input;
    const decode: ImageEncoder["decode"] = (source) => decodeForTower(tower, source);
    return {
      identity: towerIdentity(tower, options.model),
      input: { geometry, width, height },
      decode,
      async encode(batch) {
        if (batch.length === 0) return new Float32Array(0);
        return tower.embed(await Promise.all(batch.map((item) => (isPixels(item) ? item : decode(item)))));
      },
      async close() {
        engine.dispose();
      },
    };
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** What a tower's vectors are known by. @param model its name */
export function towerIdentity({ revision, input, config }: VisionTower, model: string): EncoderIdentity {
  const { preprocessing } = input;
  return { kind: "image", model, revision, preprocessing, normalisation: "l2", dimensions: config.projection };
}

/**
 * Decodes a picture for a tower, upright and without black bars.
 * @throws ThumbnailRefused
 */
export function decodeForTower({ input }: VisionTower, source: Parameters<ImageEncoder["decode"]>[0]) {
  return openTowerDecoder(decodeThumbnail, input).decode(source);
}

/**
 * The first folder that has the files of a vision tower: one of these names below the root, or the root itself.
 * @returns undefined if none has
 */
export function findVisionFolder(root: string, names: readonly string[]): string | undefined {
  const folders = [...names.map((name) => join(root, name)), root];
  return folders.find((folder) => ["config.json", "model.safetensors"].every((file) => existsSync(join(folder, file))));
}
