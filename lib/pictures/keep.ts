import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { writeWhole } from "../files";
import { type Picture, picturePath } from "../store";
import { formatOf, requireWhole } from "./check";
import { PictureRefused } from "./errors";

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
  const format = formatOf(bytes);
  if (!format) throw new PictureRefused("PICTURE_BROKEN", `${name} is not a JPEG, PNG or WebP picture`);
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
