import type { Pixels } from "./encoder";

/** Largest difference of a grey pixel's channels, 0-255. */
const GREY = 10;
/** Distance from the background within which a pixel belongs to it, 0-255. */
const NEAR = 6;

/**
 * Whether this is the picture that YouTube serves for a video that is gone: 120x90, grey, one flat background with
 * a small sign on it.
 */
export function isPlaceholder({ data, width, height }: Pixels): boolean {
  if (width !== 120 || height !== 90) return false;
  const background = data[0] as number;
  let near = 0;
  for (let at = 0; at < data.length; at += 3) {
    const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > GREY) return false;
    if (Math.abs(green - background) <= NEAR) near++;
  }
  // A letterboxed picture also begins with black rows; a placeholder's background is light.
  return background > 64 && near > 0.8 * width * height;
}
