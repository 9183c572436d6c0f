import type { Orientation } from "./exif";
import type { Pixels } from "./pixels";

/** Turns and mirrors pixels as a viewer does for this EXIF orientation. @returns the same pixels where nothing is to be done */
export function upright(pixels: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return pixels;
  const { data, width, height } = pixels;
  const turned = orientation >= 5;
  const [toWidth, toHeight] = turned ? [height, width] : [width, height];
  const { first, right, down } = walk(width, height, orientation);
  const result = new Uint8Array(data.length);
  let to = 0;
  for (let row = 0; row < toHeight; row++) {
    let from = (first + row * down) * 3;
    for (let column = 0; column < toWidth; column++, from += right * 3) {
      result[to++] = data[from] as number;
      result[to++] = data[from + 1] as number;
      result[to++] = data[from + 2] as number;
    }
  }
  return { data: result, width: toWidth, height: toHeight };
}

/** Stored pixel that is shown first, and how far the next one to its right, and the one below it, are stored from it. */
function walk(width: number, height: number, orientation: Orientation) {
  const last = width * height - 1;
  const topRight = width - 1;
  const bottomLeft = last - topRight;
  return {
    1: { first: 0, right: 1, down: width },
    2: { first: topRight, right: -1, down: width },
    3: { first: last, right: -1, down: -width },
    4: { first: bottomLeft, right: 1, down: -width },
    5: { first: 0, right: width, down: 1 },
    6: { first: bottomLeft, right: -width, down: 1 },
    7: { first: last, right: -width, down: -1 },
    8: { first: topRight, right: width, down: -1 },
  }[orientation];
}
