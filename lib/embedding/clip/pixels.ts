import type { Pixels } from "../encoder";
import { bicubic, resize } from "../resize";

/** CLIP's input: a square of so many pixels. */
export const SIDE = 224;
/** OpenAI's means and deviations of red, green and blue, 0-1. */
const MEANS = [0.48145466, 0.4578275, 0.40821073] as const;
const DEVIATIONS = [0.26862954, 0.26130258, 0.27577711] as const;

/**
 * The square CLIP looks at, as Python's CLIPImageProcessor takes it: shortest side to 224 by Pillow's bicubic filter,
 * then the middle. A picture of 224x224 is taken as it is.
 */
export function clipSquare(pixels: Pixels): Pixels {
  const { width, height } = pixels;
  const long = Math.trunc((SIDE * Math.max(width, height)) / Math.min(width, height));
  const [toWidth, toHeight] = width <= height ? [SIDE, long] : [long, SIDE];
  const middle = { left: (toWidth - SIDE) >> 1, top: (toHeight - SIDE) >> 1, width: SIDE, height: SIDE };
  return resize(pixels, toWidth, toHeight, bicubic, middle);
}

/** Scales squares to 0-1, less the mean, by the deviation. @returns [batch, 3, 224, 224] */
export function clipValues(squares: readonly Pixels[]): Float32Array {
  const area = SIDE * SIDE;
  const values = new Float32Array(squares.length * 3 * area);
  for (const [index, { data }] of squares.entries()) {
    for (let channel = 0; channel < 3; channel++) {
      const mean = MEANS[channel]!;
      const deviation = DEVIATIONS[channel]!;
      const to = (index * 3 + channel) * area;
      for (let i = 0; i < area; i++) values[to + i] = (data[i * 3 + channel]! / 255 - mean) / deviation;
    }
  }
  return values;
}
