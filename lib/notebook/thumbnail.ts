import { existsSync } from "node:fs";
import { basename } from "node:path";
import sharp from "sharp";
import { messageOf } from "../errors";

/** A small picture as a data URI, or why there is none. */
export type Thumbnail = { uri: string } | { reason: string };

/**
 * Reads and shrinks a picture.
 * @param picture its file, or its bytes; none where empty
 * @param width in pixels
 */
export async function thumbnail(picture: string | Uint8Array, width: number, quality = 74): Promise<Thumbnail> {
  if (picture.length === 0) return { reason: "the video has none" };
  if (typeof picture === "string" && !existsSync(picture)) return { reason: `${basename(picture)} is missing` };
  try {
    const resized = sharp(picture).rotate().resize({ width, withoutEnlargement: true });
    const bytes = await resized.flatten({ background: "#fff" }).webp({ quality }).toBuffer();
    return { uri: `data:image/webp;base64,${bytes.toString("base64")}` };
  } catch (thrown) {
    return { reason: messageOf(thrown) };
  }
}
