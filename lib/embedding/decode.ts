import { readFile } from "node:fs/promises";
import sharp, { type Metadata, type Sharp } from "sharp";
import { messageOf } from "../errors";
import { isPlaceholder } from "../pictures";
import { withoutBlackBars } from "./blackBars";
import type { PictureSource, Pixels } from "./encoder";
import { PictureRefused } from "./errors";

/** Smaller pictures show nothing that could be ranked. */
const MIN_SIDE = 16;
/** A thumbnail is at most 2 MB; this stops decompression bombs. */
const MAX_PIXELS = 64e6;

/**
 * Decodes a picture to RGB as Python's PIL does with `convert("RGB")` (alpha and colour profile ignored, grey
 * repeated), refuses placeholders and takes off black bars.
 * @param keepWidth JPEG pictures at least twice as wide are decoded at 1/2, 1/4 or 1/8 of their size, no smaller than this
 * @throws PictureRefused
 */
export async function decodePicture(source: PictureSource, keepWidth?: number): Promise<Pixels> {
  const name = typeof source === "string" ? source : `of ${source.length} bytes`;
  const bytes = typeof source === "string" ? await read(source) : source;
  if (bytes.length === 0) throw new PictureRefused(name, "broken", "it is empty");
  const pixels = await decode(bytes, name, keepWidth);
  if (isPlaceholder({ ...pixels, channels: 3 }))
    throw new PictureRefused(name, "placeholder", "it stands for a video that was removed");
  return withoutBlackBars(pixels);
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new PictureRefused(path, "missing", messageOf(thrown), thrown);
  }
}

async function decode(bytes: Uint8Array, name: string, keepWidth?: number): Promise<Pixels> {
  const picture = sharp(bytes, { failOn: "truncated", ignoreIcc: true, limitInputPixels: false });
  const { width, height, format } = await metadata(picture, name);
  if (Math.min(width, height) < MIN_SIDE) throw new PictureRefused(name, "too small", `${width}x${height} pixels`);
  if (width * height > MAX_PIXELS) throw new PictureRefused(name, "too large", `${width}x${height} pixels`);
  const shrink = format === "jpeg" && keepWidth ? exactShrink(width, height, keepWidth) : 1;
  if (shrink > 1) picture.resize(width / shrink, height / shrink);
  try {
    const { data, info } = await picture
      .toColourspace("srgb")
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (thrown) {
    throw new PictureRefused(name, "broken", messageOf(thrown), thrown);
  }
}

async function metadata(picture: Sharp, name: string): Promise<Metadata> {
  try {
    return await picture.metadata();
  } catch (thrown) {
    throw new PictureRefused(name, "broken", messageOf(thrown), thrown);
  }
}

/** Only whole factors: libjpeg then does all of the shrinking, and the result is the same on every machine. */
function exactShrink(width: number, height: number, keepWidth: number): number {
  const fits = (factor: number) => width % factor === 0 && height % factor === 0 && width / factor >= keepWidth;
  return [8, 4, 2].find(fits) ?? 1;
}
