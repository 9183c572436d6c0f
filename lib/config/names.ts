/** The encoders that need no download; `lib/embedding/encoders.ts` lists all encoders. */
export const BUILT_IN_ENCODERS = { image: "descriptor", text: "title-hash" };

/** The guide's encoders. */
export const GUIDE_ENCODERS = { image: "clip-vit-l-14", text: "minilm" };

/** The command-line flags that choose these encoders. */
export function encoderFlags({ image, text }: typeof BUILT_IN_ENCODERS): string {
  return `--image ${image} --text ${text}`;
}

/** The queues of workers: pages of channels' uploads, details of videos, their pictures, and vectors. */
export const QUEUES = ["listings", "videos", "thumbnails", "embed"] as const;

/** The guide's name for the model; the default name of a run and of an exported model. */
export const MODEL_NAME = "thumbnail_ranking_model";

/** A reference to an exported model: its name, and `@` with a version to stay with one; version 0 is an export without versions. */
export const MODEL_REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(@(0|[1-9][0-9]{0,8}))?$/;
export const MODEL_REFERENCE_FORM = "NAME, or NAME@VERSION such as first@2; `thumbrank models list` shows them";
