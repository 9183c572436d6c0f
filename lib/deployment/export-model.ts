import { join } from "node:path";
import type { Config } from "../config";
import { configure } from "../config";
import { requireFinite } from "../engine";
import { isPlainName, removeStale, writeFolder } from "../files";
import type { Calibration } from "../metrics";
import { ThumbnailRankingModel, type Weights, writeSafetensors } from "../model";
import { type ChannelOffsets, formatOffsets, OFFSETS_FILE } from "../runs";
import type { EncoderIdentity } from "../store";
import { MEANING, ModelCard } from "./card";
import { ModelNameInvalid } from "./errors";
import { buildOnnx } from "./onnx/export";
import type { ScoreQuantiles } from "./percentile";

/** A trained model with everything needed to use it correctly. */
export interface TrainedModel {
  name: string;
  weights: Weights;
  config: Pick<Config, "model" | "training">;
  /** Encoders of the embeddings that it was trained on. */
  identities: { image: EncoderIdentity; text: EncoderIdentity };
  calibration: Calibration;
  percentiles: ScoreQuantiles;
  /** Results of `evaluate`, including baselines. */
  metrics: Record<string, unknown>;
  /** See `ModelCard`. */
  viewsUnits?: ModelCard["viewsUnits"];
  dataHash: string;
  /** Ids of the channels that it was trained, stopped or calibrated on. */
  trainingChannels: string[];
  /** What the past of each known channel says beside the model. */
  channelOffsets?: ChannelOffsets | undefined;
}

/**
 * Writes `models/<name>/` (`model.safetensors`, `model.onnx`, `model.json`, `channels.safetensors` if there are offsets,
 * and a manifest of their hashes) completely
 * or not at all, and replaces an existing model of that name.
 * @param modelsFolder such as `models`
 * @returns the model's folder
 * @throws ModelNameInvalid; NotFinite for diverged weights; WeightsMismatch if they do not fit the configuration
 */
export async function exportModel(modelsFolder: string, trained: TrainedModel): Promise<string> {
  const folder = modelFolder(modelsFolder, trained.name);
  const model = new ThumbnailRankingModel(trained.config.model, { weights: trained.weights });
  for (const [name, { values }] of Object.entries(trained.weights)) requireFinite(values, name);
  const offsets = trained.channelOffsets && formatOffsets(trained.channelOffsets);
  const card = { ...makeModelCard(trained), ...(offsets && { channelOffsets: offsets.card }) };
  const files = {
    "model.safetensors": writeSafetensors(trained.weights),
    "model.onnx": buildOnnx(model),
    ...(offsets && { [OFFSETS_FILE]: offsets.bytes }),
    "model.json": Buffer.from(`${JSON.stringify(card, null, 2)}\n`),
  };
  await removeStale(modelsFolder);
  await writeFolder(folder, files);
  return folder;
}

/**
 * The folder of a model of that name.
 * @throws ModelNameInvalid
 */
export function modelFolder(modelsFolder: string, name: string): string {
  if (!isPlainName(name)) throw new ModelNameInvalid(name);
  return join(modelsFolder, name);
}

function makeModelCard({
  name,
  config,
  identities,
  calibration,
  percentiles,
  metrics,
  viewsUnits,
  dataHash,
  trainingChannels,
}: TrainedModel): ModelCard {
  const facts = { config: { model: config.model, training: config.training }, encoders: identities, calibration };
  return configure(ModelCard, {
    format: "thumbrank-model-1",
    name,
    ...facts,
    percentiles,
    meaning: MEANING,
    metrics,
    ...(viewsUnits === undefined ? {} : { viewsUnits }),
    dataHash,
    trainingChannels,
  });
}
