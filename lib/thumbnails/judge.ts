import { Readable } from "node:stream";
import { createInflate } from "node:zlib";
import { at } from "../base";
import type { Thumbnail } from "../store";
import { ThumbnailRefused } from "./errors";
import type { Pixels } from "./pixels";
import { pngChunks } from "./strip";

/** Largest difference of a grey pixel's channels, 0-255. */
const MAX_COLOUR = 10;
/** Distance from the background within which a pixel belongs to it, and the least share of such pixels. */
const NEAR = 8;
const MIN_SHARE = 0.75;
const DARKEST = 64;
const LIGHTEST = 240;

/** Progressive pictures have about ten. */
const MAX_SCANS = 100;
/** Compressed data of a PNG file up to here unpack in a moment, whatever they hold. */
const UNCHECKED_BYTES = 2 * 1024 * 1024;
/** Four channels of 16 bits. */
const MAX_PIXEL_BYTES = 8;
/** For the byte before each row, of each of the seven pictures of an interlaced one. */
const ROW_BYTES = 16;

/** What a picture may be, whatever way it comes in. A thumbnail of YouTube has at most 2 MB and 1280x720 pixels. */
export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;
export const MIN_SIDE = 16;
const MAX_SIDE = 8192;
/** The longer side by the shorter. */
const MAX_ASPECT_RATIO = 10;
/** 8K video. To decode as much takes 300 to 600 MB, by the format; 8192x8192 would take more than 1 GB. */
const MAX_PIXELS = 7680 * 4320;

/**
 * The format that a picture's first bytes show, whatever its name says.
 * @throws ThumbnailRefused for no bytes, too many, and those of any other format
 */
export function requireFormat(bytes: Uint8Array, name: string): Thumbnail["format"] {
  if (bytes.length === 0) throw new ThumbnailRefused("PICTURE_BROKEN", name, "it is empty");
  if (bytes.length > MAX_PICTURE_BYTES) throw tooManyBytes(name);
  const format = detectFormat(bytes);
  if (format === undefined) throw new ThumbnailRefused("PICTURE_FORMAT", name, "it is not a JPEG, PNG or WebP picture");
  return format;
}

function detectFormat(bytes: Uint8Array): Thumbnail["format"] | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  return head.startsWith("RIFF") && head.endsWith("WEBP") ? "webp" : undefined;
}

/** A picture of more bytes than one may have. */
export function tooManyBytes(name: string): ThumbnailRefused {
  return new ThumbnailRefused("PICTURE_SIZE", name, `it has more than ${MAX_PICTURE_BYTES / 1024 / 1024} MB`);
}

/**
 * Refuses a JPEG picture of very many scans: each costs a pass over all pixels, and takes a few bytes of the file.
 * @throws ThumbnailRefused
 */
export function refuseEndlessJpeg(jpeg: Buffer, name: string): void {
  const startOfScan = Buffer.from([0xff, 0xda]);
  let count = 0;
  for (let i = jpeg.indexOf(startOfScan); i !== -1; i = jpeg.indexOf(startOfScan, i + 2)) {
    if (++count > MAX_SCANS) throw new ThumbnailRefused("PICTURE_BROKEN", name, `it has more than ${MAX_SCANS} scans`);
  }
}

/**
 * Refuses a PNG picture whose data go on after its last row: 30 MB unpack to 30 GB, and a decoder unpacks them all before
 * it says so. They are unpacked here up to the most that a picture of this size can have, and nothing of them is kept.
 * @throws ThumbnailRefused
 */
export async function refuseEndlessPng(png: Buffer, width: number, height: number, name: string): Promise<void> {
  let packedBytes = 0;
  for (const part of imageData(png)) packedBytes += part.length;
  if (packedBytes <= UNCHECKED_BYTES) return;
  const most = width * height * MAX_PIXEL_BYTES + height * ROW_BYTES;
  if ((await unpackedBytes(Readable.from(imageData(png)), most)) > most)
    throw new ThumbnailRefused("PICTURE_BROKEN", name, "its data continues after its last row");
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

/** Whether a picture has the placeholder's size, and its pixels must be looked at. */
export const isPlaceholderSize = ({ width, height }: Pick<Pixels, "width" | "height">): boolean =>
  width === 120 && height === 90;

/**
 * Refuses what YouTube serves for a video that is gone: 120x90, one flat mid-grey with a small grey sign. A dark, white,
 * coloured or busy picture of that size is not refused.
 * @throws ThumbnailRefused
 */
export function refusePlaceholder(pixels: Pixels, name: string): void {
  if (isPlaceholderSize(pixels) && isFlatGrey(pixels))
    throw new ThumbnailRefused(
      "PICTURE_PLACEHOLDER",
      name,
      "it is the grey placeholder that YouTube shows for removed videos",
    );
}

function isFlatGrey({ data, width, height }: Pixels): boolean {
  const background = at(data, 0);
  if (background < DARKEST || background > LIGHTEST) return false;
  let near = 0;
  for (let i = 0; i < data.length; i += 3) {
    const red = at(data, i);
    const green = at(data, i + 1);
    const blue = at(data, i + 2);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > MAX_COLOUR) return false;
    if (Math.abs(red - background) <= NEAR) near++;
  }
  return near >= MIN_SHARE * width * height;
}

/** Why a picture of this size is not taken; undefined for one that is. */
export function sizeFault(width: number, height: number): string | undefined {
  const size = `it has ${width}x${height} pixels`;
  const short = Math.min(width, height);
  const long = Math.max(width, height);
  if (short < MIN_SIDE) return `${size}, less than ${MIN_SIDE} on a side`;
  if (long > MAX_SIDE) return `${size}, more than ${MAX_SIDE} on a side`;
  if (long > MAX_ASPECT_RATIO * short) return `${size}, a ratio of more than ${MAX_ASPECT_RATIO}:1`;
  return width * height > MAX_PIXELS ? `${size}, more than ${MAX_PIXELS}` : undefined;
}
