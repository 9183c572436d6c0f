import sharp, { type Sharp } from "sharp";
import { messageOf } from "../base";
import type { Thumbnail } from "../store";
import { ThumbnailRefused } from "./errors";
import { refuseEndlessJpeg, refuseEndlessPng, requireFormat, sizeFault } from "./judge";
import type { Orientation, Pixels } from "./pixels";
import { readThumbnail } from "./read";
import { stripMetadata } from "./strip";

// libvips reads dozens of formats, among them SVG, which can compute for minutes and read other files. Only formats
// that a thumbnail can have stay enabled, in the whole process; creating pictures from pixels and writing any format
// still works.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp"] });
// Results of earlier operations are never needed again.
sharp.cache(false);

/** The library that reads and writes pictures; nothing else in lib imports it. */
export { sharp };

/** A picture's file path, or its bytes. */
export type ThumbnailSource = string | Uint8Array;

/** A picture whose format and size are acceptable; its pixels are not decoded yet. */
export interface OpenThumbnail {
  name: string;
  /** Without metadata, so that nothing turns it upright automatically. */
  image: Sharp;
  format: Thumbnail["format"];
  /** In pixels, as stored. */
  width: number;
  height: number;
  orientation: Orientation;
}

/** Four small pictures at once keep the decoder's threads busy; a single large one may take 600 MB. */
const atOnce = limiter(4);
let largeAtOnce = limiter(1);
const LARGE_PIXELS = 1920 * 1080;
let mostPixels = Number.POSITIVE_INFINITY;

/**
 * Opens a picture, uses it and releases it. All pictures are read through this function: format and size are checked
 * before decoding, and the number of pictures in memory is limited so that they stay below 1 GB in total.
 * @throws ThumbnailRefused
 */
export function withThumbnail<Result>(
  source: ThumbnailSource,
  use: (picture: OpenThumbnail) => Promise<Result>,
  name = typeof source === "string" ? source : `of ${source.length} bytes`,
): Promise<Result> {
  return atOnce(async () => {
    const bytes = typeof source === "string" ? await readThumbnail(source) : source;
    const picture = await openThumbnail(bytes, name);
    const isLarge = picture.width * picture.height > LARGE_PIXELS;
    return isLarge ? largeAtOnce(() => use(picture)) : use(picture);
  });
}

/**
 * Prepares this thread for decoding beside others: each picture by one of libvips' threads, since several would only
 * compete.
 * @param wait replaces how large pictures wait for each other, which one thread cannot know of the others
 */
export function decodeAmongThreads(wait: typeof largeAtOnce): void {
  sharp.concurrency(1);
  largeAtOnce = wait;
}

/** Refuses pictures with more pixels than this in this thread from now on. */
export function limitPixels(most: number): void {
  mostPixels = most;
}

/** Checks by a picture's header that it has no more than so many pixels. @throws ThumbnailRefused */
export function requireSmaller(source: ThumbnailSource, most: number): Promise<void> {
  return withThumbnail(source, async ({ width, height, name }) => refuseLarger(width, height, most, name));
}

function refuseLarger(width: number, height: number, most: number, name: string): void {
  if (width * height > most)
    throw new ThumbnailRefused("PICTURE_SIZE", name, `it has ${width}x${height} pixels, more than ${most}`);
}

async function openThumbnail(bytes: Uint8Array, name: string): Promise<OpenThumbnail> {
  const format = requireFormat(bytes, name);
  const stripped = stripMetadata(bytes, format);
  if (format === "jpeg") refuseEndlessJpeg(stripped.bytes, name);
  // The size is checked below, as the decoder itself reads it from the header.
  const image = sharp(stripped.bytes, { failOn: "error", ignoreIcc: true, limitInputPixels: false });
  const { width, height } = await image.metadata().catch((thrown) => {
    throw notDecoding(name, thrown);
  });
  const fault = sizeFault(width, height);
  if (fault !== undefined) throw new ThumbnailRefused("PICTURE_SIZE", name, fault);
  refuseLarger(width, height, mostPixels, name);
  if (format === "png") await refuseEndlessPng(stripped.bytes, width, height, name);
  return { name, image, format, width, height, orientation: stripped.orientation };
}

/** Decodes to red, green and blue, whatever the picture's colour space. @throws ThumbnailRefused */
export async function decodePixels(image: Sharp, name: string): Promise<Pixels> {
  const rgb = image.toColourspace("srgb").removeAlpha().raw();
  const { data, info } = await rgb.toBuffer({ resolveWithObject: true }).catch((thrown) => {
    throw notDecoding(name, thrown);
  });
  return { data, width: info.width, height: info.height };
}

function notDecoding(name: string, thrown: unknown): ThumbnailRefused {
  const said = messageOf(thrown).trim().replaceAll(/\s+/g, " ").slice(0, 200);
  return new ThumbnailRefused("PICTURE_BROKEN", name, `it does not decode (${said})`, thrown);
}

/** Runs tasks in the given order, at most `most` at a time. */
export function limiter(most: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
