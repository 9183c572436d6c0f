import type { Tensor } from "@huggingface/transformers";
import type { EncoderIdentity } from "../../store";
import { type ImageEncoder, isPixels, normaliseRows, type Pixels } from "../encoder";
import { type ModelFiles, ModelUnusable } from "../hub/errors";
import { computeRevision, disposeAll, load, run } from "../hub/load";
import { type EncoderOptions, findModel } from "../hub/source";
import { clipPreprocessing, clipSquare, openClipDecoder, SIDE } from "./square";

const DIMENSIONS = 768;
const MODEL: ModelFiles = {
  repository: "Xenova/clip-vit-large-patch14",
  files: ["onnx/vision_model.onnx", "config.json"],
};

/** OpenAI's means and deviations of red, green and blue, 0-1. */
const MEANS = [0.48145466, 0.4578275, 0.40821073] as const;
const DEVIATIONS = [0.26862954, 0.26130258, 0.27577711] as const;

/**
 * Opens OpenAI's CLIP ViT-L/14: the image half, with its projection, through transformers.js and ONNX Runtime.
 * @throws ModelFolderIncomplete, HubUnreachable, ModelUnusable
 */
export async function openClip(options: EncoderOptions): Promise<ImageEncoder> {
  const source = findModel(MODEL, options);
  const preprocessing = clipPreprocessing(options.preprocessing);
  const { model, tensor } = await load(MODEL, source, async (transformers, id, loading) => ({
    model: await transformers.CLIPVisionModelWithProjection.from_pretrained(id, loading),
    tensor: (values: Float32Array, shape: number[]) => new transformers.Tensor("float32", values, shape),
  }));
  const identity: EncoderIdentity = {
    kind: "image",
    model: "clip-vit-l-14",
    revision: await computeRevision(source.folder, MODEL.files.slice(0, 1)),
    preprocessing,
    normalisation: "l2",
    dimensions: DIMENSIONS,
  };
  const { decode } = openClipDecoder(preprocessing);
  return {
    identity,
    decode,
    async encode(batch) {
      if (batch.length === 0) return new Float32Array(0);
      const squares = await Promise.all(batch.map((item) => (isPixels(item) ? clipSquare(item) : decode(item))));
      const input = tensor(clipValues(squares), [squares.length, 3, SIDE, SIDE]);
      const outputs = await run(source, MODEL, model, { pixel_values: input });
      try {
        return normaliseRows(readEmbeds(outputs, squares, source.folder), DIMENSIONS);
      } finally {
        disposeAll({ ...outputs, input });
      }
    },
    async close() {
      await model.dispose();
    },
  };
}

function readEmbeds(outputs: Record<string, Tensor>, squares: Pixels[], folder: string): Float32Array {
  const embeds = outputs.image_embeds;
  const values = embeds?.data;
  if (values instanceof Float32Array && values.length === squares.length * DIMENSIONS) return values.slice();
  throw new ModelUnusable(MODEL, folder, `its image_embeds are ${embeds?.dims.join("x")}, not ${DIMENSIONS} wide`);
}

/** Scales squares to 0-1, subtracts the mean and divides by the deviation. @returns [batch, 3, 224, 224] */
function clipValues(squares: readonly Pixels[]): Float32Array {
  const area = SIDE * SIDE;
  const values = new Float32Array(squares.length * 3 * area);
  for (const [index, { data }] of squares.entries()) {
    for (let channel = 0; channel < 3; channel++) {
      const mean = MEANS[channel]!;
      const deviation = DEVIATIONS[channel]!;
      const to = (index * 3 + channel) * area;
      for (let i = 0; i < area; i++) values[to + i] = (data[i * 3 + channel]! / 255 - mean) / deviation;
    }
  }
  return values;
}
