import { join } from "node:path";
import type { Tensor } from "@huggingface/transformers";
import type { EncoderIdentity } from "../../store";
import type { decodeThumbnail } from "../../thumbnails";
import { type ImageEncoder, isPixels, meansOfRows, normaliseRows } from "../encoder";
import { SIDE, squaresOf } from "../geometry";
import { type ModelFiles, ModelUnusable } from "../hub/errors";
import { computeRevision, disposeAll, load, run } from "../hub/load";
import { type EncoderOptions, findModel } from "../hub/source";
import { byteValues, pixelValues } from "../pixel-values";
import { clipGeometry, clipPreprocessing, openClipDecoder } from "./decoder";

const DIMENSIONS = 768;
const VISION_MODEL = "onnx/vision_model.onnx";
const CLIP_FILES: ModelFiles = {
  repository: "Xenova/clip-vit-large-patch14",
  files: [VISION_MODEL, "config.json"],
};

/** OpenAI's means and deviations of red, green and blue, 0-1. */
const MEANS = [0.48145466, 0.4578275, 0.40821073] as const;
const DEVIATIONS = [0.26862954, 0.26130258, 0.27577711] as const;

/** What CLIP's encoder needs of the program that it runs in. */
export interface ClipParts {
  /** See `EncoderIdentity`. */
  revision: string;
  preprocessing: string;
  decodePicture: typeof decodeThumbnail;
  /** Runs the vision model. @param pixelValues [count, 3, 224, 224] @returns image embeddings, [count, 768] */
  runVision(pixelValues: Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens OpenAI's CLIP ViT-L/14: the image half, with its projection, through transformers.js and ONNX Runtime.
 * @throws ModelFolderIncomplete, HubUnreachable, ModelUnusable
 */
export async function openClip(options: EncoderOptions): Promise<ImageEncoder> {
  const source = findModel(CLIP_FILES, options);
  const { model, tensor } = await load(CLIP_FILES, source, async (transformers, id, loading) => ({
    model: await transformers.CLIPVisionModelWithProjection.from_pretrained(id, loading),
    tensor: (values: Float32Array, shape: number[]) => new transformers.Tensor("float32", values, shape),
  }));
  return makeClip({
    revision: await computeRevision(source.folder, [VISION_MODEL]),
    preprocessing: clipPreprocessing(options.preprocessing, options.geometry),
    decodePicture: (await import("../../thumbnails")).decodeThumbnail,
    async runVision(pixelValues, count) {
      const input = tensor(pixelValues, [count, 3, SIDE, SIDE]);
      const outputs = await run(source, CLIP_FILES, model, { pixel_values: input });
      try {
        return readEmbeds(outputs, count, source.folder);
      } finally {
        disposeAll({ ...outputs, input });
      }
    },
    async close() {
      await model.dispose();
    },
  });
}

/** The file of CLIP's vision model in a folder of models. @throws ModelFolderIncomplete */
export function findClipFile(modelDir: string): string {
  return join(findModel(CLIP_FILES, { modelDir }).folder, VISION_MODEL);
}

/** CLIP's encoder around a decoder and a vision model. */
export function makeClip({ revision, preprocessing, decodePicture, runVision, close }: ClipParts): ImageEncoder {
  const identity: EncoderIdentity = {
    kind: "image",
    model: "clip-vit-l-14",
    revision,
    preprocessing,
    normalisation: "l2",
    dimensions: DIMENSIONS,
  };
  const { decode } = openClipDecoder(decodePicture, preprocessing);
  const geometry = clipGeometry(preprocessing);
  return {
    identity,
    decode,
    async encode(batch) {
      if (batch.length === 0) return new Float32Array(0);
      const pictures = await Promise.all(batch.map((item) => (isPixels(item) ? item : decode(item))));
      const squares = pictures.flatMap((pixels) => squaresOf(pixels, geometry));
      const vectors = normaliseRows(await runVision(pixelValues(squares, VALUES), squares.length), DIMENSIONS);
      return meansOfRows(vectors, squares.length / batch.length, DIMENSIONS);
    },
    close,
  };
}

function readEmbeds(outputs: Record<string, Tensor>, count: number, folder: string): Float32Array {
  const embeds = outputs.image_embeds;
  const values = embeds?.data;
  if (values instanceof Float32Array && values.length === count * DIMENSIONS) return values.slice();
  throw new ModelUnusable(CLIP_FILES, folder, `its image_embeds are ${embeds?.dims.join("x")}, not ${DIMENSIONS} wide`);
}

const VALUES = byteValues(MEANS, DEVIATIONS);
