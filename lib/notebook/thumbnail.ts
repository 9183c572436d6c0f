import { basename } from "node:path";
import { PictureRefused, previewUri } from "../thumbnails";

/** A small picture as a data URI, or why there is none. */
export type Thumbnail = { uri: string } | { reason: string };

/**
 * Reads and shrinks a picture.
 * @param picture its file, or its bytes; none where empty
 * @param width in pixels
 */
export async function thumbnail(picture: string | Uint8Array, width: number, quality = 74): Promise<Thumbnail> {
  if (picture.length === 0) return { reason: "the video has none" };
  try {
    return { uri: await previewUri(picture, width, { type: "webp", quality }) };
  } catch (thrown) {
    if (!(thrown instanceof PictureRefused)) throw thrown;
    const isMissing = thrown.code === "PICTURE_MISSING" && typeof picture === "string";
    return { reason: isMissing ? `${basename(picture)} is missing` : thrown.reason };
  }
}
