import { Readable } from "node:stream";
import { createInflate } from "node:zlib";
import { at } from "../base";
import type { Thumbnail } from "../store";
import { ThumbnailRefused } from "./errors";
import type { Pixels } from "./pixels";
import { pngChunks } from "./strip";

/** Largest difference between the channels of a pixel that still counts as grey, 0-255. */
const MAX_COLOUR = 10;
/** Largest distance of a background pixel from the background's grey, and the least share of such pixels. */
const NEAR = 8;
const MIN_SHARE = 0.75;
const DARKEST = 64;
const LIGHTEST = 240;

/** Progressive JPEGs have about ten. */
const MAX_SCANS = 100;
/** Compressed PNG data of up to this size is always quick to decompress. */
const UNCHECKED_BYTES = 2 * 1024 * 1024;
/** Four channels of 16 bits. */
const MAX_PIXEL_BYTES = 8;
/** Allowance per row for the filter byte, in each of the seven passes of an interlaced picture. */
const ROW_BYTES = 16;

/** Limits for any picture, whatever its source. YouTube's thumbnails.set takes up to 50 MB (2 MB until 2026), JPEG or PNG. */
export const MAX_PICTURE_BYTES = 50 * 1024 * 1024;
export const MIN_SIDE = 16;
const MAX_SIDE = 8192;
/** Longer side divided by the shorter side. */
const MAX_ASPECT_RATIO = 10;
/** 8K video. Decoding as much takes 300 to 600 MB, depending on the format; 8192x8192 would take more than 1 GB. */
const MAX_PIXELS = 7680 * 4320;

/**
 * Detects a picture's format from its first bytes, ignoring its name.
 * @throws ThumbnailRefused for no bytes, too many bytes, or any other format
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

/** The refusal of a picture with too many bytes. */
export function tooManyBytes(name: string): ThumbnailRefused {
  return new ThumbnailRefused("PICTURE_SIZE", name, `it has more than ${MAX_PICTURE_BYTES / 1024 / 1024} MB`);
}

/**
 * Refuses a JPEG picture with very many scans: each costs a pass over all pixels, but takes only a few bytes of the
 * file.
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
 * Refuses a PNG picture whose data continues after its last row: 50 MB can unpack to 50 GB, and a decoder unpacks
 * everything before it reports this. Here the data is unpacked only up to the maximum for a picture of this size, and
 * nothing is kept.
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

/** Counts the unpacked bytes; stops once there are more than `most`, or at damage, which the decoder will report. */
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

/** Whether a picture has the placeholder's size, so that its pixels must be checked. */
export const isPlaceholderSize = ({ width, height }: Pick<Pixels, "width" | "height">): boolean =>
  width === 120 && height === 90;

/**
 * Refuses YouTube's placeholder for a deleted video: 120x90, one flat mid-grey with a small grey sign. A dark, white,
 * coloured or busy picture of that size is accepted.
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

/** Why a picture of this size is refused; undefined if it is accepted. */
export function sizeFault(width: number, height: number): string | undefined {
  const size = `it has ${width}x${height} pixels`;
  const short = Math.min(width, height);
  const long = Math.max(width, height);
  if (short < MIN_SIDE) return `${size}, less than ${MIN_SIDE} on a side`;
  if (long > MAX_SIDE) return `${size}, more than ${MAX_SIDE} on a side`;
  if (long > MAX_ASPECT_RATIO * short) return `${size}, a ratio of more than ${MAX_ASPECT_RATIO}:1`;
  return width * height > MAX_PIXELS ? `${size}, more than ${MAX_PIXELS}` : undefined;
}
