import sharp from "sharp";
import { messageOf } from "../errors";
import type { Picture } from "../store";
import { PictureRefused } from "./errors";
import { isPlaceholder } from "./placeholder";

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
 * Decodes a picture wholly, which proves that no part of it is broken or missing.
 * @throws PictureRefused when it does not decode, is too large or too small, or is YouTube's placeholder
 */
export async function requireWhole(bytes: Buffer, name: string): Promise<void> {
  const image = sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS })
    .toColourspace("srgb")
    .removeAlpha()
    .raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true }).catch((thrown: unknown) => {
    throw new PictureRefused("PICTURE_BROKEN", `${name} does not decode: ${messageOf(thrown).trim()}`);
  });
  if (Math.min(info.width, info.height) < MIN_SIDE) {
    throw new PictureRefused("PICTURE_BROKEN", `${name} has only ${info.width}x${info.height} pixels`);
  }
  if (isPlaceholder({ data, ...info })) {
    throw new PictureRefused(
      "PICTURE_PLACEHOLDER",
      `${name} is the grey picture that YouTube shows for removed videos`,
    );
  }
}
