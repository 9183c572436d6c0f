import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { writeAtomically } from "../files";
import { picturePath, type Thumbnail } from "../store";
import { isPlaceholderSize, MIN_SIDE, refusePlaceholder, requireFormat } from "./judge";
import { decodePixels, withThumbnail } from "./open";

/** A stored picture, and whether it was stored before. */
export interface KeptThumbnail {
  picture: Thumbnail;
  known: boolean;
}

/**
 * Identifies a picture by its content and checks that it is complete; a picture that is already stored is not decoded
 * again.
 * @param name of the picture, for refusals
 * @param thumbnails folder of the stored pictures
 * @param write false only checks
 * @throws ThumbnailRefused for a picture that cannot be used
 */
export async function keepThumbnail(
  bytes: Buffer,
  name: string,
  thumbnails: string,
  write: boolean,
): Promise<KeptThumbnail> {
  const format = requireFormat(bytes, name);
  const picture: Thumbnail = { sha256: createHash("sha256").update(bytes).digest("hex"), format };
  const target = picturePath(thumbnails, picture);
  const known = await isStored(target, bytes.length);
  if (!known) await requireWhole(bytes, name);
  if (!known && write) await writeAtomically(target, bytes);
  return { picture, known };
}

const isStored = (path: string, sizeBytes: number) =>
  stat(path).then(
    ({ size }) => size === sizeBytes,
    () => false,
  );

/**
 * Decodes a picture completely, to check that no part is broken or missing, but returns only a few of its pixels: all
 * pixels of many large pictures would fill the memory.
 */
function requireWhole(bytes: Buffer, name: string): Promise<void> {
  return withThumbnail(
    bytes,
    async ({ image, width, height }) => {
      const shown = isPlaceholderSize({ width, height }) ? image : image.resize(MIN_SIDE, MIN_SIDE, { fit: "fill" });
      refusePlaceholder(await decodePixels(shown, name), name);
    },
    name,
  );
}
