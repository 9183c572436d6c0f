import type { Pixels } from "../encoder";
import { bilinear, resize } from "../resize";

/** One value a pixel, row-major: [height, width]. */
export interface Plane {
  data: Float32Array;
  width: number;
  height: number;
}

/** A picture at the sizes the descriptor looks at; luma is 0-1, colour differences are centred at 0. */
export interface Planes {
  /** Luma at 320x180, 160x90 and 80x45. */
  luma: [Plane, Plane, Plane];
  /** Yellow to blue and green to red (the Cb and Cr of JPEG), 160x90, -0.5 to 0.5. */
  blue: Plane;
  red: Plane;
}

const WIDTH = 320;
const HEIGHT = 180;

/** Every picture is looked at in the same frame, whatever its size and shape; a portrait is stretched into it. */
export const framed = (pixels: Pixels): Pixels => resize(pixels, WIDTH, HEIGHT, bilinear);

/** The planes of a picture, framed. */
export function planesOf(pixels: Pixels): Planes {
  const { data } = framed(pixels);
  const luma = plane(WIDTH, HEIGHT);
  const blue = plane(WIDTH, HEIGHT);
  const red = plane(WIDTH, HEIGHT);
  for (let i = 0, from = 0; i < luma.data.length; i++, from += 3) {
    const r = data[from]! / 255;
    const g = data[from + 1]! / 255;
    const b = data[from + 2]! / 255;
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    luma.data[i] = y;
    blue.data[i] = (b - y) * 0.564;
    red.data[i] = (r - y) * 0.713;
  }
  const half = halved(luma);
  return { luma: [luma, half, halved(half)], blue: halved(blue), red: halved(red) };
}

/** A plane of zeros. */
export function plane(width: number, height: number): Plane {
  return { data: new Float32Array(width * height), width, height };
}

/** Means of 2x2 pixels; an odd last row or column is left out. */
export function halved(whole: Plane): Plane {
  const half = plane(whole.width >> 1, whole.height >> 1);
  for (let row = 0, to = 0; row < half.height; row++) {
    let from = row * 2 * whole.width;
    for (let column = 0; column < half.width; column++, to++, from += 2) {
      const below = from + whole.width;
      const above = whole.data[from]! + whole.data[from + 1]!;
      half.data[to] = (above + whole.data[below]! + whole.data[below + 1]!) / 4;
    }
  }
  return half;
}
