import type { Picture } from "../store";
import { PictureRefused } from "./errors";
import { MAX_PICTURE_BYTES } from "./limits";

/**
 * The format that a picture's first bytes show, whatever its name says.
 * @throws PictureRefused for no bytes, too many, and those of any other format
 */
export function requireFormat(bytes: Uint8Array, name: string): Picture["format"] {
  if (bytes.length === 0) throw new PictureRefused("PICTURE_BROKEN", name, "it is empty");
  if (bytes.length > MAX_PICTURE_BYTES) throw tooManyBytes(name);
  const format = formatOf(bytes);
  if (format === undefined) throw new PictureRefused("PICTURE_FORMAT", name, "it is not a JPEG, PNG or WebP picture");
  return format;
}

function formatOf(bytes: Uint8Array): Picture["format"] | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  return head.startsWith("RIFF") && head.endsWith("WEBP") ? "webp" : undefined;
}

/** A picture of more bytes than one may have. */
export function tooManyBytes(name: string): PictureRefused {
  return new PictureRefused("PICTURE_SIZE", name, `it has more than ${MAX_PICTURE_BYTES / 1024 / 1024} MB`);
}
