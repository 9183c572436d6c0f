import { join } from "node:path";
import {
  type EncoderOptions,
  EncoderUnknown,
  encoderNames,
  type ImageEncoder,
  openImageEncoder,
  openTextEncoder,
  sameIdentity,
  type TextEncoder,
} from "../embedding";
import { exists, isPlainName } from "../files";
import type { EncoderIdentity } from "../store";
import type { ModelCard } from "./card";
import { ModelEncoderMismatch } from "./errors";
import type { LoadedModel } from "./load-model";

/** The encoders whose embeddings a model expects. */
export interface Encoders {
  image: ImageEncoder;
  text: TextEncoder;
}

/**
 * Opens the encoders that a model names, in an earlier version if it was trained with that. A model that was fine-tuned
 * has its picture encoder in its own folder.
 * @param model loaded, or its card alone
 * @throws ModelEncoderMismatch if the available encoder has another revision; any error of opening an encoder
 */
export async function openEncoders(
  model: ModelCard | Pick<LoadedModel, "card" | "folder">,
  options: EncoderOptions = {},
): Promise<Encoders> {
  const { encoders } = "card" in model ? model.card : model;
  // An encoder's name must not be a path, which would open a folder; a model from elsewhere must not choose one.
  for (const kind of ["image", "text"] as const)
    if (!isPlainName(encoders[kind].model)) throw new EncoderUnknown(kind, encoders[kind].model, encoderNames(kind));
  const { preprocessing } = encoders.image;
  const folder = "card" in model ? model.folder : undefined;
  const own = folder === undefined ? "" : join(folder, encoders.image.model);
  const image = await ((await exists(own))
    ? openImageEncoder(own, { ...options, preprocessing })
    : openImageEncoder(encoders.image.model, { ...options, preprocessing }));
  const text = await openTextEncoder(encoders.text.model, { ...options, revision: encoders.text.revision });
  try {
    requireIdentity(encoders.image, image.identity);
    requireIdentity(encoders.text, text.identity);
  } catch (error) {
    await Promise.all([image.close(), text.close()]);
    throw error;
  }
  return { image, text };
}

/** @throws ModelEncoderMismatch */
export function requireIdentity(expected: EncoderIdentity, found: EncoderIdentity): void {
  if (!sameIdentity(expected, found)) throw new ModelEncoderMismatch(expected, found);
}
