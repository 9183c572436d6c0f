import { IMAGE_ENCODERS, TEXT_ENCODERS } from "../config";
import { openClip } from "./clip/encoder";
import { openDescriptor } from "./descriptor/encoder";
import type { ImageEncoder, TextEncoder } from "./encoder";
import { EncoderUnknown } from "./errors";
import type { EncoderOptions } from "./hub/source";
import { openMiniLm } from "./minilm/encoder";
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
 * Opens a title encoder by its name.
 * @throws EncoderUnknown; for encoders that are not built in ModelFolderIncomplete, HubUnreachable, ModelUnusable
 */
export async function openTextEncoder(name: string, options: EncoderOptions = {}): Promise<TextEncoder> {
  if (name === "title-hash") return openTitleHash();
  if (name === "minilm") return openMiniLm(options);
  throw new EncoderUnknown("text", name, TEXT_ENCODERS);
}
