import { openDescriptor } from "./descriptor/encoder";
import type { ImageEncoder, TextEncoder } from "./encoder";
import { EncoderUnknown } from "./errors";
import { openTitleHash } from "./titleHash/encoder";

export const IMAGE_ENCODERS = ["descriptor", "clip-vit-l-14"] as const;
export type ImageEncoderName = (typeof IMAGE_ENCODERS)[number];

export const TEXT_ENCODERS = ["title-hash", "minilm"] as const;
export type TextEncoderName = (typeof TEXT_ENCODERS)[number];

/** Where encoders that are downloaded come from. */
export interface EncoderOptions {
  /** A folder in the hub's layout; without it the hub is asked. */
  modelDir?: string;
  /** Where downloads are kept; without it the user's cache folder. */
  cacheDir?: string;
}

/**
 * Opens a picture encoder by its name.
 * @throws EncoderUnknown
 */
export async function openImageEncoder(name: string, _options: EncoderOptions = {}): Promise<ImageEncoder> {
  if (name === "descriptor") return openDescriptor();
  throw new EncoderUnknown("image", name, IMAGE_ENCODERS);
}

/**
 * Opens a title encoder by its name.
 * @throws EncoderUnknown
 */
export async function openTextEncoder(name: string, _options: EncoderOptions = {}): Promise<TextEncoder> {
  if (name === "title-hash") return openTitleHash();
  throw new EncoderUnknown("text", name, TEXT_ENCODERS);
}
