import type { Pixels } from "./encoder";

/**
 * Pillow's 8-bit resampling (src/libImaging/Resample.c), to the bit: two passes, horizontal first, each with
 * antialiasing (the filter widens as the picture shrinks), 22-bit fixed-point weights and rounding to bytes between.
 * (Pillow 13 begins with the vertical pass for some shapes far from a thumbnail's.)
 */
export interface Filter {
  /** Half the filter's width at scale 1, in pixels. */
  support: number;
  at(x: number): number;
}

/** Catmull and Rom's cubic, a = -0.5: Pillow's BICUBIC. */
export const bicubic: Filter = {
  support: 2,
  at(x) {
    const distance = Math.abs(x);
    if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
    return distance < 2 ? ((distance - 5) * distance + 8) * distance * -0.5 + 2 : 0;
  },
};

/** A triangle: Pillow's BILINEAR. */
export const bilinear: Filter = { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) };

/** 32 bits minus 8 for the pixel, minus 2 for sums that overshoot. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

/** For each output position: the start of its window and its weights (`size` of them, zero beyond the window's end). */
interface Windows {
  size: number;
  starts: Int32Array;
  counts: Int32Array;
  weights: Int32Array;
}

/** A rectangle of a picture's columns and rows. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Resizes to exactly width x height, as `image.resize((width, height), resample)` does.
 * @param part rectangle of the result to compute; all of it if omitted
 */
export function resize(pixels: Pixels, width: number, height: number, filter: Filter, part?: Part): Pixels {
  const { left, top, ...size } = part ?? { left: 0, top: 0, width, height };
  const columns = some(cachedWindows(pixels.width, width, filter), left, size.width);
  const rows = some(cachedWindows(pixels.height, height, filter), top, size.height);
  const fitsAcross = width === pixels.width && size.width === width;
  const fitsDown = height === pixels.height && size.height === height;
  const across = fitsAcross ? pixels : horizontal(pixels, size.width, columns);
  return fitsDown ? across : vertical(across, size.height, rows);
}

/** Windows of `count` positions, starting at `from`. */
function some({ size, starts, counts, weights }: Windows, from: number, count: number): Windows {
  const to = from + count;
  const part = { starts: starts.subarray(from, to), counts: counts.subarray(from, to) };
  return { size, ...part, weights: weights.subarray(from * size, to * size) };
}

const known = new Map<string, Windows>();

function cachedWindows(from: number, to: number, filter: Filter): Windows {
  const key = `${from} ${to} ${filter.support}`;
  const windows = known.get(key) ?? makeWindows(from, to, filter);
  if (known.size > 64) known.clear();
  known.set(key, windows);
  return windows;
}

function makeWindows(from: number, to: number, filter: Filter): Windows {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  const size = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Int32Array(to * size);
  for (let position = 0; position < to; position++) {
    const centre = (position + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    starts[position] = start;
    counts[position] = end - start;
    weights.set(windowWeights(start, end, centre, stretch, filter), position * size);
  }
  return { size, starts, counts, weights };
}

function windowWeights(start: number, end: number, centre: number, stretch: number, filter: Filter): number[] {
  const raw: number[] = [];
  let sum = 0;
  for (let index = start; index < end; index++) {
    const weight = filter.at((index - centre + 0.5) * (1 / stretch));
    raw.push(weight);
    sum += weight;
  }
  return raw.map((weight) => {
    const fixed = (sum === 0 ? weight : weight / sum) * (1 << PRECISION_BITS);
    return Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
  });
}

// Sums are 32-bit integers, as in Pillow: `Math.imul` and `| 0` keep them such, which takes a quarter less time than
// numbers. A clamped array rounds nothing here, since it is given integers; it limits them to 0-255.

function horizontal(pixels: Pixels, width: number, { size, starts, counts, weights }: Windows): Pixels {
  const { data, height } = pixels;
  const result = new Uint8ClampedArray(width * height * 3);
  for (let row = 0, to = 0; row < height; row++) {
    const line = row * pixels.width * 3;
    for (let column = 0; column < width; column++, to += 3) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let from = line + starts[column]! * 3;
      const first = column * size;
      const last = first + counts[column]!;
      for (let tap = first; tap < last; tap++, from += 3) {
        const weight = weights[tap]!;
        red = (red + Math.imul(weight, data[from]!)) | 0;
        green = (green + Math.imul(weight, data[from + 1]!)) | 0;
        blue = (blue + Math.imul(weight, data[from + 2]!)) | 0;
      }
      result[to] = red >> PRECISION_BITS;
      result[to + 1] = green >> PRECISION_BITS;
      result[to + 2] = blue >> PRECISION_BITS;
    }
  }
  return { data: new Uint8Array(result.buffer), width, height };
}

/** Three numbers, one pixel, at a time, so that each weight is read once for them. */
function vertical(pixels: Pixels, height: number, { size, starts, counts, weights }: Windows): Pixels {
  const { data, width } = pixels;
  const stride = width * 3;
  const result = new Uint8ClampedArray(stride * height);
  for (let row = 0, to = 0; row < height; row++) {
    const first = row * size;
    const last = first + counts[row]!;
    const line = starts[row]! * stride;
    for (let column = 0; column < stride; column += 3, to += 3) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let tap = first, from = line + column; tap < last; tap++, from += stride) {
        const weight = weights[tap]!;
        red = (red + Math.imul(weight, data[from]!)) | 0;
        green = (green + Math.imul(weight, data[from + 1]!)) | 0;
        blue = (blue + Math.imul(weight, data[from + 2]!)) | 0;
      }
      result[to] = red >> PRECISION_BITS;
      result[to + 1] = green >> PRECISION_BITS;
      result[to + 2] = blue >> PRECISION_BITS;
    }
  }
  return { data: new Uint8Array(result.buffer), width, height };
}
