import type { Pixels } from "../../thumbnails";
import { horizontal, LOW_BITS, vertical, type Windows } from "./passes";

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
const LOW = (1 << LOW_BITS) - 1;

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
function some({ size, starts, pairs, weights }: Windows, from: number, count: number): Windows {
  const to = from + count;
  const part = { starts: starts.subarray(from, to), pairs: pairs.subarray(from, to) };
  return { size, ...part, weights: weights.subarray(from * size * 4, to * size * 4) };
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
  const size = Math.ceil(support) + 1;
  const windows = {
    size,
    starts: new Int32Array(to),
    pairs: new Int32Array(to),
    weights: new Int16Array(to * size * 4),
  };
  for (let position = 0; position < to; position++) {
    const centre = (position + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    windows.starts[position] = start;
    windows.pairs[position] = Math.ceil((end - start) / 2);
    const weights = windowWeights(start, end, centre, stretch, filter);
    windows.weights.set(inPairs(weights), position * size * 4);
  }
  return windows;
}

/** Each two weights as low, low, high, high, as `Windows` has them. */
function inPairs(weights: readonly number[]): number[] {
  const pairs = Array.from({ length: Math.ceil(weights.length / 2) }, (_, i) => weights.slice(2 * i, 2 * i + 2));
  return pairs.flatMap(([first = 0, second = 0]) => [first & LOW, second & LOW, first >> LOW_BITS, second >> LOW_BITS]);
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
