/** Encoders of pictures; the first is built in. */
export const IMAGE_ENCODERS = ["descriptor", "clip-vit-l-14"] as const;

/** Encoders of titles; the first is built in. */
export const TEXT_ENCODERS = ["title-hash", "minilm"] as const;

/** What workers do: pages of channels' uploads, details of videos, their pictures, and vectors. */
export const QUEUES = ["listings", "videos", "thumbnails", "embed"] as const;
