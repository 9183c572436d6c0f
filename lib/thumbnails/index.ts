// Reads pictures, judges them by their bytes and keeps them by their content: the only decoder and the only limits, for
// all ways in. Knows nothing of where pictures come from, a folder or YouTube, or what is made of their pixels.
export { type DecodeOptions, decodeThumbnail, type PreviewFormat, previewUri } from "./decode";
export { PICTURES_TAKEN, type ThumbnailRefusalCode, ThumbnailRefused } from "./errors";
export { MAX_PICTURE_BYTES } from "./judge";
export { type KeptThumbnail, keepThumbnail } from "./keep";
export { sharp, type ThumbnailSource } from "./open";
export type { Pixels } from "./pixels";
export { readThumbnail, toReadError } from "./read";
