import { z } from "zod";
import { BUILT_IN_ENCODERS, GUIDE_ENCODERS, resolvePaths } from "../config";
import type { EncoderOptions, ImageEncoder, TextEncoder } from "../embedding";
import { ENCODERS, encoderNames, GEOMETRIES } from "../embedding/encoders";
import { type CommonFlags, say } from "./context";
import { ModelFolder } from "./fields";

/** The encoders of pictures and of titles, and the folder of their files. */
export const EncoderSettings = z
  .strictObject({
    image: nameOrFolder("image").meta({
      placeholder: "encoder",
      form: nameOrFolderForm("image"),
      description: `encoder of pictures: ${encoderNames("image").join(", ")}, or the folder of a CLIP vision tower; built in: ${builtIn("image")}`,
    }),
    geometry: z.enum(GEOMETRIES).optional().meta({
      description:
        "how pictures are taken in: crop is the middle square, squash the whole picture as a square, letterbox the whole within a square, crops the mean of three squares, wide the whole in 16:9 at the cost of a square, full the whole in 16:9 at twice that (default: crop for clip-vit-l-14, full for descriptor, what its folder says for a folder)",
    }),
    text: nameOrFolder("text")
      .optional()
      .meta({
        placeholder: "encoder",
        form: nameOrFolderForm("text"),
        description: `encoder of titles: ${encoderNames("text").join(", ")}, or the folder of a sentence encoder (BERT, XLM-RoBERTa); built in: ${builtIn("text")} (default: this home's, else ${GUIDE_ENCODERS.text}, else ${BUILT_IN_ENCODERS.text})`,
      }),
    modelDir: ModelFolder,
  })
  .meta({ title: "Encoders" });
export type EncoderFlags = z.output<typeof EncoderSettings>;

/** The same for workers, which need encoders for one queue only. */
export const WorkerEncoderSettings = EncoderSettings.partial().meta({ title: "Encoders, for the queue embed" });
export type WorkerEncoderFlags = z.output<typeof WorkerEncoderSettings>;

/** The name of an encoder, or a path with a slash. */
function nameOrFolder(kind: "image" | "text") {
  const names = encoderNames(kind).join("|");
  return z
    .string()
    .max(4096)
    .regex(new RegExp(`^(${names}|\\P{Cc}*/\\P{Cc}*)$`, "u"));
}

function nameOrFolderForm(kind: "image" | "text"): string {
  return `one of ${encoderNames(kind).join(", ")}, or a folder such as ./FOLDER`;
}

function builtIn(kind: "image" | "text"): string {
  const rows = ENCODERS.filter((row) => row.kind === kind && !row.isDownloaded);
  return rows.map(({ name }) => name).join(", ");
}

/**
 * Opens the encoders that the flags name. Without `--text` it takes the title encoder this home already uses, else
 * MiniLM, else the built-in one if MiniLM is unavailable, and says which.
 * @throws what opening an encoder throws
 */
export async function openEncoders(
  flags: EncoderFlags & CommonFlags,
): Promise<{ image: ImageEncoder; text: TextEncoder }> {
  const { openImageEncoder, openTextEncoder } = await import("../embedding");
  const from = { announce: say, ...(flags.modelDir !== undefined && { modelDir: flags.modelDir }) };
  const image = await openImageEncoder(flags.image, {
    ...from,
    ...(flags.geometry !== undefined && { geometry: flags.geometry }),
  });
  try {
    return {
      image,
      text: await (flags.text === undefined ? openDefault(flags, from) : openTextEncoder(flags.text, from)),
    };
  } catch (error) {
    await image.close();
    throw error;
  }
}

async function openDefault(flags: CommonFlags, options: EncoderOptions): Promise<TextEncoder> {
  const { embeddedIdentities, MiniLmUnavailable, ModelFolderIncomplete, openTextEncoder } = await import(
    "../embedding"
  );
  const identities = await embeddedIdentities(resolvePaths(flags.dataDir));
  const [known, ...others] = new Set(identities.filter(({ kind }) => kind === "text").map(({ model }) => model));
  if (known !== undefined && others.length === 0) {
    say(`titles by ${known}, as this home has them; --text names another encoder`);
    return openTextEncoder(known, options);
  }
  try {
    const encoder = await openTextEncoder(GUIDE_ENCODERS.text, options).catch((error: unknown) => {
      // The given folder may hold only the picture encoder.
      if (!(error instanceof ModelFolderIncomplete)) throw error;
      const { modelDir: _, ...elsewhere } = options;
      return openTextEncoder(GUIDE_ENCODERS.text, elsewhere);
    });
    say(`titles by ${GUIDE_ENCODERS.text}; --text ${BUILT_IN_ENCODERS.text} is the built-in encoder`);
    return encoder;
  } catch (error) {
    if (!(error instanceof MiniLmUnavailable)) throw error;
    say(`titles by ${BUILT_IN_ENCODERS.text}, which sees no meaning: ${error.what}`);
    return openTextEncoder(BUILT_IN_ENCODERS.text, options);
  }
}
