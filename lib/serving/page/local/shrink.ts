import { type Filter, resize } from "../../../embedding";
import type { Pixels } from "../../../thumbnails";

/** The filter with which libvips reduces pictures: Lanczos' of three lobes. */
const lanczos3: Filter = {
  support: 3,
  at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0),
};

/**
 * Shrinks a decoded JPEG as sharp does while it decodes: libjpeg averages blocks of pixels down to twice the wanted size,
 * and libvips does the last half, rows first. Single values differ by one.
 * @param factor 1, 2, 4 or 8, a divisor of both sides
 */
export function shrinkLikeSharp(pixels: Pixels, factor: number): Pixels {
  if (factor === 1) return pixels;
  const { width, height } = pixels;
  const double = averageBlocks(pixels, factor / 2);
  const low = resize(double, double.width, height / factor, lanczos3);
  return resize(low, width / factor, height / factor, lanczos3);
}

/** Means of blocks of side x side pixels. */
function averageBlocks(pixels: Pixels, side: number): Pixels {
  if (side === 1) return pixels;
  const width = pixels.width / side;
  const height = pixels.height / side;
  const sums = new Float64Array(width * height * 3);
  for (let y = 0, from = 0; y < pixels.height; y++) {
    const row = Math.floor(y / side) * width;
    for (let x = 0; x < pixels.width; x++) {
      const to = (row + Math.floor(x / side)) * 3;
      for (let channel = 0; channel < 3; channel++, from++) sums[to + channel]! += pixels.data[from]!;
    }
  }
  return { data: Uint8Array.from(sums, (sum) => Math.round(sum / side ** 2)), width, height };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
