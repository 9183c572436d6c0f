import { PictureRefused } from "./errors";
import type { Pixels } from "./pixels";

/** Largest difference of a grey pixel's channels, 0-255. */
const MAX_COLOUR = 10;
/** Distance from the background within which a pixel belongs to it, and the least share of such pixels. */
const NEAR = 8;
const MIN_SHARE = 0.75;
const [DARKEST, LIGHTEST] = [64, 240];

/** Whether a picture has the placeholder's size, and its pixels must be looked at. */
export const isPlaceholderSize = ({ width, height }: Pick<Pixels, "width" | "height">): boolean =>
  width === 120 && height === 90;

/**
 * Refuses what YouTube serves for a video that is gone: 120x90, one flat mid-grey with a small grey sign. A dark, white,
 * coloured or busy picture of that size is not refused.
 * @throws PictureRefused
 */
export function refusePlaceholder(pixels: Pixels, name: string): void {
  if (isPlaceholderSize(pixels) && isFlatGrey(pixels))
    throw new PictureRefused("PICTURE_PLACEHOLDER", name, "it is the grey one that YouTube shows for removed videos");
}

function isFlatGrey({ data, width, height }: Pixels): boolean {
  const background = data[0] as number;
  if (background < DARKEST || background > LIGHTEST) return false;
  let near = 0;
  for (let at = 0; at < data.length; at += 3) {
    const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > MAX_COLOUR) return false;
    if (Math.abs(red - background) <= NEAR) near++;
  }
  return near >= MIN_SHARE * width * height;
}
