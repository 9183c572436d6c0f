import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { writeWhole } from "../../files";
import { type Picture, picturePath } from "../../store";
import { RowRefused } from "../refusal";
import { formatOf, requireWhole } from "./check";

/** A picture of the store, and whether it was there before. */
export interface KeptPicture {
  picture: Picture;
  known: boolean;
}

/**
 * Identifies a picture file by its content and proves that it is whole; one that is stored already is not decoded again.
 * @param thumbnails folder of the stored pictures
 * @param write false only checks
 * @throws RowRefused for a picture that cannot be used
 */
export async function keepPicture(file: string, thumbnails: string, write: boolean): Promise<KeptPicture> {
  const bytes = await readFile(file);
  const format = formatOf(bytes);
  if (!format) throw new RowRefused("PICTURE_BROKEN", `${file} is not a JPEG, PNG or WebP picture`);
  const picture: Picture = { sha256: createHash("sha256").update(bytes).digest("hex"), format };
  const target = picturePath(thumbnails, picture);
  const known = await isStored(target, bytes.length);
  if (!known) await requireWhole(bytes, file);
  if (!known && write) await writeWhole(target, bytes);
  return { picture, known };
}

const isStored = (path: string, sizeBytes: number) =>
  stat(path).then(
    ({ size }) => size === sizeBytes,
    () => false,
  );
