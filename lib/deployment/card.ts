import { z } from "zod";
import { StoredOptions, VIEWS_UNITS } from "../config";
import { OffsetsCard } from "../runs";
import type { EncoderIdentity } from "../store";
import { ScoreQuantiles } from "./percentile";

const Identity: z.ZodType<EncoderIdentity> = z.strictObject({
  kind: z.enum(["image", "text"]),
  model: z.string().max(200),
  revision: z.string().max(200),
  preprocessing: z.string().max(500),
  normalisation: z.literal("l2"),
  dimensions: z.number().int().positive(),
});

/** Description of an exported model: `model.json`. */
export const ModelCard = z.strictObject({
  format: z.literal("thumbrank-model-1"),
  name: z.string().max(64),
  /** Missing in exports of the time before versions. */
  version: z.number().int().positive().optional(),
  config: StoredOptions,
  encoders: z.strictObject({ image: Identity, text: Identity }),
  /** p(A beats B) = 1 / (1 + exp(-slope (score A - score B))), fitted on this many validation pairs. */
  calibration: z.strictObject({ slope: z.number().nonnegative(), pairs: z.number().int().nonnegative() }),
  percentiles: ScoreQuantiles,
  /** Meaning of each output, in words. */
  meaning: z.record(z.string(), z.string()),
  /** Output of `thumbrank evaluate --json`, including baselines. */
  metrics: z.record(z.string(), z.unknown()),
  /** Videos it was trained and evaluated on, by the unit of the views that they were rated by; earlier versions' were all engaged. */
  viewsUnits: z.partialRecord(z.enum(VIEWS_UNITS), z.number().int().nonnegative()).optional(),
  /** SHA-256 of the data it was trained on. */
  dataHash: z.string().max(128),
  /**
   * Ids of the channels that it was trained, stopped or calibrated on, so that nobody evaluates it on them as if it had
   * never seen them. Plain ids, as in `percentiles`: hashes of public ids would hide nothing. Missing in earlier exports.
   */
  trainingChannels: z.array(z.string().max(200)).optional(),
  /** Offsets of known channels, whose numbers are in `channels.safetensors`; missing in earlier exports. */
  channelOffsets: OffsetsCard.optional(),
});
export type ModelCard = z.infer<typeof ModelCard>;

/**
 * Reads `model.json`.
 * @param bytes undefined if the file is missing
 * @throws Error with the reason
 */
export function parseCard(bytes: Uint8Array | undefined): ModelCard {
  if (bytes === undefined) throw new Error("model.json is missing");
  const parsed = ModelCard.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`model.json: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { config, encoders } = parsed.data;
  const image = encoders.image.dimensions;
  const text = encoders.text.dimensions;
  if (image !== config.model.clipDim || text !== config.model.textDim)
    throw new Error(`model.json: encoders of ${image} and ${text} dimensions do not fit the model's`);
  return parsed.data;
}

/** Where a version's folder has its ONNX file, as Triton's model repositories do. */
export const ONNX_FILE = "1/model.onnx";

/** Where a fine-tuned model has its tower and itself as one ONNX graph. */
export const PIXELS_FILE = "pixels.onnx";

/** Path of a model's ONNX file in its folder; exports of the time before versions have another. */
export function onnxFile({ version }: ModelCard): string {
  return version === undefined ? "model.onnx" : ONNX_FILE;
}

/** Meanings of the outputs, the same for every exported model. */
export const MEANING = {
  score: "ranks thumbnails of one channel; it has no unit, and scores of different channels must not be compared",
  winProbability: "probability that A gets more views per hour than B in the same channel, from the score difference",
  percentile:
    "share of the known channel's scores below this one, 0-100; without a known channel, of all validation videos",
  ctr: "CTR proxy (percentile of views per hour within the channel), or true CTR mapped to 0-1 where an owner gave it",
  subScores: "0-1, trained by weak supervision from the CTR target; indications, not measurements",
};
