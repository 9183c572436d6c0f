import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
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

let asides = 0;

/** Writes aside, flushes, renames: a file under its final name is whole whenever the machine stops. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}-${asides++}.part`;
  try {
    const handle = await open(aside, "w");
    await handle
      .writeFile(bytes)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(aside, path);
  } catch (thrown) {
    await rm(aside, { force: true });
    throw thrown;
  }
}
