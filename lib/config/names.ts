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
