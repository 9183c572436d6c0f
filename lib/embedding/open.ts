import { basename, resolve } from "node:path";
import { IMAGE_ENCODERS, TEXT_ENCODERS } from "../config";
import { openClip } from "./clip/encoder";
import { openDescriptor } from "./descriptor/encoder";
import type { ImageEncoder, TextEncoder } from "./encoder";
import { EncoderUnknown } from "./errors";
import type { EncoderOptions } from "./hub/source";
import { openMiniLm } from "./minilm/encoder";
import { findSentenceEncoder, openSentenceEncoder } from "./sentence/encoder";
import { openTitleHash } from "./title-hash/encoder";

/**
 * Opens a picture encoder by its name.
 * @throws EncoderUnknown; for encoders that are not built in ModelFolderIncomplete, HubUnreachable, ModelUnusable
 */
export async function openImageEncoder(name: string, options: EncoderOptions = {}): Promise<ImageEncoder> {
  if (name === "descriptor") return openDescriptor(options.preprocessing);
  if (name === "clip-vit-l-14") return openClip(options);
  throw new EncoderUnknown("image", name, IMAGE_ENCODERS);
}

/**
 * Opens a title encoder by its name, or by the folder of a sentence encoder: a path with a slash, or, of vectors that such
 * a one made, its name in `options.modelDir`.
 * @throws EncoderUnknown, SentenceEncoderUnusable; for encoders that are not built in also ModelFolderIncomplete,
 * HubUnreachable, ModelUnusable, MiniLmUnavailable
 */
export async function openTextEncoder(name: string, options: EncoderOptions = {}): Promise<TextEncoder> {
  if (name === "title-hash") return openTitleHash();
  if (name === "minilm") return openMiniLm(options);
  if (name.includes("/")) return openSentenceEncoder(name, nameModel(name));
  const folder = options.modelDir === undefined ? undefined : findSentenceEncoder(options.modelDir, [name]);
  if (folder !== undefined) return openSentenceEncoder(folder, name);
  throw new EncoderUnknown("text", name, TEXT_ENCODERS);
}

/** The name that the vectors of a folder's encoder have: the folder's own, as far as file names allow. */
function nameModel(folder: string): string {
  const name =
    basename(resolve(folder))
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "") || "folder";
  return TEXT_ENCODERS.some((known) => known === name) ? `${name}-folder` : name;
}
