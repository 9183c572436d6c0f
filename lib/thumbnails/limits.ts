/** What a picture may be, whatever way it comes in. A thumbnail of YouTube has at most 2 MB and 1280x720 pixels. */
export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;
export const MIN_SIDE = 16;
export const MAX_SIDE = 8192;
/** The longer side by the shorter. */
export const MAX_ASPECT_RATIO = 10;
/** 8K video. To decode as much takes 300 to 600 MB, by the format; 8192x8192 would take more than 1 GB. */
export const MAX_PIXELS = 7680 * 4320;

/** The same in words, for messages. */
export const PICTURES_TAKEN =
  "JPEG, PNG and WebP pictures of 16 to 8,192 pixels a side, at most 33.2 megapixels, 10:1 and 32 MB";

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
