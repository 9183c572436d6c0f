import { z } from "zod";
import { resolvePaths, TEXT_ENCODERS } from "../config";
import type { EncoderOptions, TextEncoder } from "../embedding";
import { type CommonFlags, say } from "./context";

/** The encoder in a new home, and where that cannot be had. */
const [BUILT_IN, PREFERRED] = TEXT_ENCODERS;

/** The encoder of titles: a name, or the folder of any sentence encoder, which has a slash in it. */
export const TextEncoderName = z
  .string()
  .max(4096)
  .regex(new RegExp(`^(${TEXT_ENCODERS.join("|")}|\\P{Cc}*/\\P{Cc}*)$`, "u"))
  .optional()
  .meta({
    placeholder: "encoder",
    form: `one of ${TEXT_ENCODERS.join(", ")}, or a folder such as ./FOLDER`,
    description: `encoder of titles: ${BUILT_IN} (built in), ${PREFERRED}, or the folder of a sentence encoder (BERT, XLM-RoBERTa); default: this home's, else ${PREFERRED}, else ${BUILT_IN}`,
  });

/**
 * Opens the encoder that is named, else the one that this home has titles of, else MiniLM, else, where that cannot be had,
 * the built-in one; says which of them where none is named.
 * @throws what opening an encoder throws
 */
export async function openNamedOrDefault(
  name: string | undefined,
  flags: CommonFlags,
  options: EncoderOptions,
): Promise<TextEncoder> {
  const { embeddedIdentities, openTextEncoder } = await import("../embedding");
  if (name !== undefined) return openTextEncoder(name, options);
  const identities = await embeddedIdentities(resolvePaths(flags.dataDir));
  const [known, ...others] = new Set(identities.filter(({ kind }) => kind === "text").map(({ model }) => model));
  if (known === undefined || others.length > 0) return openPreferred(options);
  say(`titles by ${known}, as this home has them; --text names another encoder`);
  return openTextEncoder(known, options);
}

async function openPreferred(options: EncoderOptions): Promise<TextEncoder> {
  const { MiniLmUnavailable, ModelFolderIncomplete, openTextEncoder } = await import("../embedding");
  try {
    const encoder = await openTextEncoder(PREFERRED, options).catch((error: unknown) => {
      // The folder that was given may hold the encoder of pictures alone.
      if (!(error instanceof ModelFolderIncomplete)) throw error;
      const { modelDir: _, ...elsewhere } = options;
      return openTextEncoder(PREFERRED, elsewhere);
    });
    say(`titles by ${PREFERRED}; --text ${BUILT_IN} is the built-in encoder`);
    return encoder;
  } catch (error) {
    if (!(error instanceof MiniLmUnavailable)) throw error;
    say(`titles by ${BUILT_IN}, which sees no meaning: ${error.what}`);
    return openTextEncoder(BUILT_IN, options);
  }
}
