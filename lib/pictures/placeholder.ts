/** A decoded picture, row-major: [height, width, channels], red, green, blue (or grey alone) first. */
export interface DecodedPicture {
  data: Uint8Array;
  width: number;
  height: number;
  channels: number;
}

/** Largest difference of a grey pixel's channels, 0-255. */
const MAX_COLOUR = 10;
/** Distance from the background within which a pixel belongs to it, and the least share of such pixels. */
const NEAR = 8;
const MIN_SHARE = 0.75;
const [DARKEST, LIGHTEST] = [64, 240];

/** Whether a picture has the placeholder's size, and its pixels must be looked at. */
export const isPlaceholderSize = ({ width, height }: Pick<DecodedPicture, "width" | "height">): boolean =>
  width === 120 && height === 90;

/**
 * Whether a picture is what YouTube serves for a video that is gone: 120x90, one flat mid-grey with a small grey sign.
 * A dark, white, coloured or busy picture of that size is not.
 */
export function isPlaceholder({ data, width, height, channels }: DecodedPicture): boolean {
  if (!isPlaceholderSize({ width, height })) return false;
  const background = data[0] as number;
  if (background < DARKEST || background > LIGHTEST) return false;
  let near = 0;
  for (let at = 0; at < data.length; at += channels) {
    const red = data[at] as number;
    const [green, blue] = channels < 3 ? [red, red] : [data[at + 1] as number, data[at + 2] as number];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > MAX_COLOUR) return false;
    if (Math.abs(red - background) <= NEAR) near++;
  }
  return near >= MIN_SHARE * width * height;
}
