// Reads pictures, judges them by their bytes and keeps them by their content: the only decoder and the only limits, for
// all ways in. Knows nothing of where pictures come from, a folder or YouTube, or what is made of their pixels.
export { type DecodeOptions, decodePicture, type PreviewFormat, previewUri } from "./decode";
export { type PictureRefusalCode, PictureRefused } from "./errors";
export { type KeptPicture, keepPicture } from "./keep";
export { MAX_PICTURE_BYTES, PICTURES_TAKEN } from "./limits";
export { type PictureSource, sharp } from "./open";
export type { Pixels } from "./pixels";
export { readPicture, refusalOf } from "./read";
