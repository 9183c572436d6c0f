import { Readable } from "node:stream";
import { createInflate } from "node:zlib";
import { PictureRefused } from "./errors";
import { pngChunks } from "./png";

/** Progressive pictures have some ten. */
const MAX_SCANS = 100;
/** Compressed data of a PNG file up to here unpack in a moment, whatever they hold. */
const UNCHECKED_BYTES = 2 * 1024 * 1024;
/** Four channels of 16 bits. */
const MAX_PIXEL_BYTES = 8;
/** For the byte before each row, of each of the seven pictures of an interlaced one. */
const ROW_BYTES = 16;

/**
 * Refuses a JPEG picture of very many scans: each costs a pass over all pixels, and takes a few bytes of the file.
 * @throws PictureRefused
 */
export function refuseEndlessJpeg(jpeg: Buffer, name: string): void {
  const startOfScan = Buffer.from([0xff, 0xda]);
  let count = 0;
  for (let at = jpeg.indexOf(startOfScan); at !== -1; at = jpeg.indexOf(startOfScan, at + 2)) {
    if (++count > MAX_SCANS) throw new PictureRefused("PICTURE_BROKEN", name, `it has more than ${MAX_SCANS} scans`);
  }
}

/**
 * Refuses a PNG picture whose data go on after its last row: 30 MB unpack to 30 GB, and a decoder unpacks them all before
 * it says so. They are unpacked here up to the most that a picture of this size can have, and nothing of them is kept.
 * @throws PictureRefused
 */
export async function refuseEndlessPng(png: Buffer, width: number, height: number, name: string): Promise<void> {
  let packedBytes = 0;
  for (const part of imageData(png)) packedBytes += part.length;
  if (packedBytes <= UNCHECKED_BYTES) return;
  const most = width * height * MAX_PIXEL_BYTES + height * ROW_BYTES;
  if ((await unpackedBytes(Readable.from(imageData(png)), most)) > most)
    throw new PictureRefused("PICTURE_BROKEN", name, "its data go on after its last row");
}

function* imageData(png: Buffer): Generator<Buffer> {
  for (const { type, from, to } of pngChunks(png)) if (type === "IDAT") yield png.subarray(from + 8, to - 4);
}

/** Bytes that these unpack to, counted until they are more than `most` or damaged, which the decoder will say. */
async function unpackedBytes(parts: Readable, most: number): Promise<number> {
  let length = 0;
  try {
    for await (const chunk of parts.pipe(createInflate({ chunkSize: 2 ** 18 }))) {
      length += (chunk as Buffer).length;
      if (length > most) break;
    }
  } catch {
    return length;
  }
  return length;
}
