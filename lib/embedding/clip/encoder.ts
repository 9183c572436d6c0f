import type { Tensor } from "@huggingface/transformers";
import type { EncoderIdentity } from "../../store";
import { decodePicture } from "../../thumbnails";
import { withoutBlackBars } from "../black-bars";
import { type ImageEncoder, isPixels, normaliseRows, type PictureSource, type Pixels } from "../encoder";
import { type ModelFiles, ModelUnusable } from "../hub/errors";
import { disposeAll, load, revisionOf, run } from "../hub/load";
import { type EncoderOptions, findModel } from "../hub/source";
import { uprightFirst } from "../superseded";
import { clipSquare, clipValues, SIDE } from "./pixels";

const DIMENSIONS = 768;
/** Also the whole preprocessing of the version before pictures were turned upright. */
const AFTER_TURNING = "no-black-bars, pillow-bicubic 224, centre crop, clip mean and deviation";
const MODEL: ModelFiles = {
  repository: "Xenova/clip-vit-large-patch14",
  files: ["onnx/vision_model.onnx", "config.json"],
};

/**
 * Opens OpenAI's CLIP ViT-L/14: the picture half, with its projection, through transformers.js and ONNX Runtime.
 * @throws ModelFolderIncomplete, HubUnreachable, ModelUnusable
 */
export async function openClip(options: EncoderOptions): Promise<ImageEncoder> {
  const source = findModel(MODEL, options);
  const asStored = options.preprocessing === AFTER_TURNING;
  const { model, tensor } = await load(MODEL, source, async (transformers, id, loading) => ({
    model: await transformers.CLIPVisionModelWithProjection.from_pretrained(id, loading),
    tensor: (values: Float32Array, shape: number[]) => new transformers.Tensor("float32", values, shape),
  }));
  const identity: EncoderIdentity = {
    kind: "image",
    model: "clip-vit-l-14",
    revision: await revisionOf(source.folder, MODEL.files.slice(0, 1)),
    preprocessing: asStored ? AFTER_TURNING : uprightFirst(AFTER_TURNING),
    normalisation: "l2",
    dimensions: DIMENSIONS,
  };
  const decode = (picture: PictureSource) =>
    decodePicture(picture, { asStored }, (pixels) => clipSquare(withoutBlackBars(pixels)));
  return {
    identity,
    decode,
    async encode(batch) {
      if (batch.length === 0) return new Float32Array(0);
      const squares = await Promise.all(batch.map((item) => (isPixels(item) ? clipSquare(item) : decode(item))));
      const input = tensor(clipValues(squares), [squares.length, 3, SIDE, SIDE]);
      const outputs = await run(source, MODEL, model, { pixel_values: input });
      try {
        return normaliseRows(embedsOf(outputs, squares, source.folder), DIMENSIONS);
      } finally {
        disposeAll({ ...outputs, input });
      }
    },
    async close() {
      await model.dispose();
    },
  };
}

function embedsOf(outputs: Record<string, Tensor>, squares: Pixels[], folder: string): Float32Array {
  const embeds = outputs.image_embeds;
  const values = embeds?.data;
  if (values instanceof Float32Array && values.length === squares.length * DIMENSIONS) return values.slice();
  throw new ModelUnusable(MODEL, folder, `its image_embeds are ${embeds?.dims.join("x")}, not ${DIMENSIONS} wide`);
}
