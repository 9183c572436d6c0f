/** The encoders that need no download; `lib/embedding/encoders.ts` has all there are. */
export const BUILT_IN_ENCODERS = { image: "descriptor", text: "title-hash" };

/** The guide's. */
export const GUIDE_ENCODERS = { image: "clip-vit-l-14", text: "minilm" };

/** The flags that choose encoders. */
export function encoderFlags({ image, text }: typeof BUILT_IN_ENCODERS): string {
  return `--image ${image} --text ${text}`;
}

/** What workers do: pages of channels' uploads, details of videos, their pictures, and vectors. */
export const QUEUES = ["listings", "videos", "thumbnails", "embed"] as const;

/** The guide's name of the model: of a run and an exported model where no other is given. */
export const MODEL_NAME = "thumbnail_ranking_model";
