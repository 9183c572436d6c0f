import type { Config } from "../config";
import { configure } from "../config";
import { requireFinite } from "../engine";
import { isPlainName, removeStale, writeFolder } from "../files";
import type { Calibration } from "../metrics";
import { openVisionFolder, ThumbnailRankingModel, type Weights, writeSafetensors } from "../model";
import { type ChannelOffsets, formatOffsets, OFFSETS_FILE } from "../runs";
import type { EncoderIdentity } from "../store";
import { MEANING, ModelCard, ONNX_FILE, PIXELS_FILE } from "./card";
import { ModelNameInvalid } from "./errors";
import { mlflowFiles } from "./folder/mlflow";
import { modelCardText } from "./folder/readme";
import { tritonConfig } from "./folder/triton";
import { buildOnnx } from "./onnx/export";
import { buildVisionOnnx } from "./onnx/vision";
import type { ScoreQuantiles } from "./percentile";
import { addVersion } from "./versions";

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
  /** Folder of a fine-tuned picture encoder, which goes with the model; its name is the encoder's. */
  tower?: string | undefined;
  /** What the past of each known channel says beside the model. */
  channelOffsets?: ChannelOffsets | undefined;
}

/**
 * Adds a version `models/<name>/<version>/` and makes it the current one. It is written completely or not at all, and
 * versions that are there are never changed.
 * @param modelsFolder such as `models`
 * @returns the version's folder
 * @throws ModelNameInvalid, ModelLocked; NotFinite for diverged weights; WeightsMismatch if they do not fit the
 * configuration
 */
export async function exportModel(modelsFolder: string, trained: TrainedModel): Promise<string> {
  if (!isPlainName(trained.name)) throw new ModelNameInvalid(trained.name);
  const model = new ThumbnailRankingModel(trained.config.model, { weights: trained.weights });
  for (const [name, { values }] of Object.entries(trained.weights)) requireFinite(values, name);
  const offsets = trained.channelOffsets && formatOffsets(trained.channelOffsets);
  const card = { ...makeModelCard(trained), ...(offsets && { channelOffsets: offsets.card }) };
  const files = {
    "model.safetensors": writeSafetensors(trained.weights),
    [ONNX_FILE]: buildOnnx(model),
    ...(trained.tower && { [PIXELS_FILE]: await pixelsToScore(model, trained.tower) }),
    "config.pbtxt": Buffer.from(tritonConfig(model.inputDim)),
    ...mlflowFiles(model.inputDim),
    ...(offsets && { [OFFSETS_FILE]: offsets.bytes }),
  };
  await removeStale(modelsFolder);
  return addVersion(modelsFolder, trained.name, async (folder, version) => {
    const numbered = { ...card, version };
    const written = {
      ...files,
      "model.json": Buffer.from(`${JSON.stringify(numbered, null, 2)}\n`),
      "README.md": Buffer.from(modelCardText(numbered)),
    };
    // Temporary folders lie outside the model's own, where Triton would take one that was left behind for a model.
    await writeFolder(folder, written, { staging: modelsFolder, subfolder: trained.tower });
  });
}

async function pixelsToScore(model: ThumbnailRankingModel, folder: string): Promise<Uint8Array> {
  const tower = await openVisionFolder(folder);
  try {
    return await buildVisionOnnx(model, tower);
  } finally {
    await tower.close();
  }
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
