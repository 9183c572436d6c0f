import type { Pixels } from "./encoder";

/** Share of the height of each bar when a 16:9 picture is letterboxed in a 4:3 frame. */
const BAR = 1 / 8;
/** Luma below which a pixel counts as black, allowing for JPEG noise, 0-255. */
const BLACK = 40;
/** Share of a bar's pixels that may be brighter: JPEG ringing next to the picture's edge. */
const TOLERATED = 0.03;

/**
 * Removes the black bars of a 16:9 picture in a 4:3 frame (hqdefault.jpg, sddefault.jpg, default.jpg) if both the top
 * and the bottom eighth of the height are black. Nothing else is cropped: other dark rows, and bars within a 16:9
 * picture, are what viewers see. A 4:3 picture that is entirely black keeps its bars.
 * @returns a view of the same bytes
 */
export function withoutBlackBars(pixels: Pixels): Pixels {
  const { width, height, data } = pixels;
  if (Math.abs(width * 3 - height * 4) > height * 0.04) return pixels;
  const dark = Math.floor(height * BAR);
  const cut = Math.ceil(height * BAR);
  const top = isBlack(pixels, 0, dark);
  const bottom = isBlack(pixels, height - dark, height);
  if (!top || !bottom || isBlack(pixels, cut, height - cut)) return pixels;
  return { width, height: height - 2 * cut, data: data.subarray(cut * width * 3, (height - cut) * width * 3) };
}

function isBlack({ data, width }: Pixels, from: number, to: number): boolean {
  let bright = 0;
  for (let i = from * width * 3; i < to * width * 3; i += 3) {
    const luma = 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
    if (luma > BLACK) bright++;
  }
  return bright <= TOLERATED * (to - from) * width;
}
