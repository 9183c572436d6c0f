import sharp from "sharp";
import { messageOf } from "../errors";
import type { Picture } from "../store";
import { PictureRefused } from "./errors";
import { isPlaceholder, isPlaceholderSize } from "./placeholder";

/** Far above any thumbnail, far below what a decompression bomb unpacks to. */
const MAX_PIXELS = 50_000_000;
const MIN_SIDE = 16;

/** The format that a file's first bytes show, whatever its name says; undefined for any other. */
export function formatOf(bytes: Buffer): Picture["format"] | undefined {
  const head = bytes.toString("latin1", 0, 12);
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  return head.startsWith("RIFF") && head.endsWith("WEBP") ? "webp" : undefined;
}

/**
 * Decodes a picture wholly, which proves that no part of it is broken or missing. Only a few of its pixels are asked for:
 * all of a large one's would fill the memory where many are checked at once.
 * @throws PictureRefused when it does not decode, is too large or too small, or is YouTube's placeholder
 */
export async function requireWhole(bytes: Buffer, name: string): Promise<void> {
  const broken = (thrown: unknown): never => {
    throw new PictureRefused("PICTURE_BROKEN", `${name} does not decode: ${messageOf(thrown).trim()}`);
  };
  const image = sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS });
  const { width, height } = await image.metadata().catch(broken);
  if (Math.min(width, height) < MIN_SIDE) {
    throw new PictureRefused("PICTURE_BROKEN", `${name} has only ${width}x${height} pixels`);
  }
  const shown = isPlaceholderSize({ width, height }) ? image : image.resize(MIN_SIDE, MIN_SIDE, { fit: "fill" });
  const pixels = shown.toColourspace("srgb").removeAlpha().raw();
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true }).catch(broken);
  if (isPlaceholder({ data, ...info })) {
    throw new PictureRefused(
      "PICTURE_PLACEHOLDER",
      `${name} is the grey picture that YouTube shows for removed videos`,
    );
  }
}
