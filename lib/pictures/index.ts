// Judges thumbnails by their bytes and keeps them by their content. Knows nothing of where they come from: a folder, or
// YouTube.
export { PictureRefused } from "./errors";
export { type KeptPicture, keepPicture } from "./keep";
export { isPlaceholder } from "./placeholder";
