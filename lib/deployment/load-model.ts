import { dirname } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { disableOnnxTelemetry, messageOf, ThumbrankError } from "../base";
import { requireFinite } from "../engine";
import { foldersIn, namesIn, readFolder } from "../files";
import { AUXILIARY_HEADS, type Predictions, readSafetensors, ThumbnailRankingModel } from "../model";
import { type ChannelOffset, OFFSETS_FILE, parseOffsets } from "../runs";
import { type ModelCard, onnxFile, parseCard } from "./card";
import { ModelDamaged, ModelMissing } from "./errors";
import { checkOnnx } from "./onnx/check";

/** An exported model, ready to predict. */
export interface LoadedModel {
  card: ModelCard;
  /** Where it lies; a browser has no folders. */
  folder?: string;
  /** 0 for a model that was exported without versions. */
  version: number;
  /** Offsets of known channels, by channel id; empty in earlier exports. */
  offsets: ReadonlyMap<string, ChannelOffset>;
  /** @param embeddings image and title embedding side by side, each L2-normalised, [rows, clipDim + textDim] */
  predict(embeddings: Float32Array): Promise<Predictions>;
  close(): Promise<void>;
}

/**
 * Loads the folder of a version, or of an unversioned export, and checks its hashes, the card's schema, the weights
 * against the card, and the ONNX graph.
 * @throws ModelMissing, ModelDamaged
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  if ((await namesIn(folder)).length === 0) throw new ModelMissing(folder, await foldersIn(dirname(folder)));
  try {
    return await openModel(folder, await readFolder(folder));
  } catch (error) {
    throw new ModelDamaged(folder, error instanceof ThumbrankError ? error.what : messageOf(error), error);
  }
}

async function openModel(folder: string, files: Record<string, Uint8Array>): Promise<LoadedModel> {
  const card = parseCard(files["model.json"]);
  const { weights } = readSafetensors(fileOf(files, "model.safetensors"), "model.safetensors");
  const { inputDim } = new ThumbnailRankingModel(card.config.model, { weights });
  for (const [name, { values }] of Object.entries(weights)) requireFinite(values, name);
  const onnx = fileOf(files, onnxFile(card));
  checkOnnx(onnx);
  disableOnnxTelemetry();
  const session = await InferenceSession.create(onnx, { logSeverityLevel: 4 });
  await predict(session, new Float32Array(inputDim), inputDim);
  return {
    card,
    folder,
    version: card.version ?? 0,
    offsets: readOffsets(card, files, inputDim),
    predict: (embeddings) => predict(session, embeddings, inputDim),
    close: () => session.release(),
  };
}

async function predict(session: InferenceSession, embeddings: Float32Array, inputDim: number): Promise<Predictions> {
  const rows = embeddings.length / inputDim;
  const outputs = await session.run({ embedding: new Tensor("float32", embeddings, [rows, inputDim]) });
  const values = (name: string, width: number): Float32Array => {
    const data = outputs[name]?.data;
    if (!(data instanceof Float32Array) || data.length !== rows * width)
      throw new Error(`output ${name} is not as exported`);
    return data;
  };
  return { scores: values("score", 1), ctr: values("ctr", 1), auxiliary: values("auxiliary", AUXILIARY_HEADS.length) };
}

function readOffsets({ channelOffsets: card }: ModelCard, files: Record<string, Uint8Array>, width: number) {
  return card === undefined
    ? new Map<string, ChannelOffset>()
    : parseOffsets(card, fileOf(files, OFFSETS_FILE), width).channels;
}

function fileOf(files: Record<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files[name];
  if (bytes === undefined) throw new Error(`${name} is missing`);
  return bytes;
}
