import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { writeWhole } from "../files";
import { type Picture, picturePath } from "../store";
import { isPlaceholderSize, refusePlaceholder, requireFormat } from "./judge";
import { MIN_SIDE } from "./limits";
import { pixelsOf, withPicture } from "./open";

/** A picture of the store, and whether it was there before. */
export interface KeptPicture {
  picture: Picture;
  known: boolean;
}

/**
 * Identifies a picture by its content and proves that it is whole; one that is stored already is not decoded again.
 * @param name of the picture, for refusals
 * @param thumbnails folder of the stored pictures
 * @param write false only checks
 * @throws PictureRefused for a picture that cannot be used
 */
export async function keepPicture(
  bytes: Buffer,
  name: string,
  thumbnails: string,
  write: boolean,
): Promise<KeptPicture> {
  const format = requireFormat(bytes, name);
  const picture: Picture = { sha256: createHash("sha256").update(bytes).digest("hex"), format };
  const target = picturePath(thumbnails, picture);
  const known = await isStored(target, bytes.length);
  if (!known) await requireWhole(bytes, name);
  if (!known && write) await writeWhole(target, bytes);
  return { picture, known };
}

const isStored = (path: string, sizeBytes: number) =>
  stat(path).then(
    ({ size }) => size === sizeBytes,
    () => false,
  );

/**
 * Decodes a picture wholly, which proves that no part of it is broken or missing. Only a few of its pixels are asked for:
 * all of a large one's would fill the memory where many are checked at once.
 */
function requireWhole(bytes: Buffer, name: string): Promise<void> {
  return withPicture(
    bytes,
    async ({ image, width, height }) => {
      const shown = isPlaceholderSize({ width, height }) ? image : image.resize(MIN_SIDE, MIN_SIDE, { fit: "fill" });
      refusePlaceholder(await pixelsOf(shown, name), name);
    },
    name,
  );
}
