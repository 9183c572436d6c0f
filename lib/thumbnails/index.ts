// Reads pictures, checks their bytes and stores them by content: the only decoder and the only limits, whatever the
// source. Knows nothing about where pictures come from, a folder or YouTube, or what their pixels are used for.
export { type DecodeOptions, decodeThumbnail, exactShrink, type PreviewFormat, previewUri } from "./decode";
export { PICTURES_TAKEN, type ThumbnailRefusalCode, ThumbnailRefused } from "./errors";
export { MAX_PICTURE_BYTES, refusePlaceholder, requireFormat, sizeFault } from "./judge";
export { type KeptThumbnail, keepThumbnail } from "./keep";
export { limiter, requireSmaller, sharp, type ThumbnailSource } from "./open";
export type { Pixels } from "./pixels";
export { readThumbnail, toReadError } from "./read";
