import { deviation, mean, quantile } from "./grid";
import type { Planes } from "./planes";

/** Saturation, colourfulness and warmth of the whole picture. */
export function colourOf({ blue, red }: Planes) {
  const chroma = blue.data.map((cb, i) => Math.sqrt(cb * cb + red.data[i]! ** 2));
  const warm = blue.data.map((cb, i) => red.data[i]! - cb);
  const spread = Math.hypot(deviation(blue.data), deviation(red.data));
  return {
    saturation: mean(chroma),
    saturationSpread: deviation(chroma),
    saturationHigh: quantile(chroma, 0.9),
    colourfulness: spread + 0.3 * Math.hypot(mean(blue.data), mean(red.data)),
    blueness: mean(blue.data),
    redness: mean(red.data),
    warmth: mean(warm),
    warmthSpread: deviation(warm),
    skin: mean(blue.data.map((cb, i) => likeSkin(cb, red.data[i]!))),
  };
}

/** Nearness to the middle of skin colours in Cb and Cr (Chai and Ngan 1999: Cb 77-127, Cr 133-173 of 255), 0-1. */
function likeSkin(cb: number, cr: number): number {
  return Math.exp(-0.5 * (((cb + 0.1) / 0.06) ** 2 + ((cr - 0.1) / 0.05) ** 2));
}
