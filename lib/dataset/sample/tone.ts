import type { Factors } from "./appeal";
import type { Canvas } from "./canvas";

/** Gain of brightness around mid-grey, and of colour around grey, at factor 0 and at factor 1. */
const CONTRAST = [0.55, 1.35] as const;
const SATURATION = [0.3, 1.35] as const;

/**
 * Applies contrast and saturation.
 * @returns red, green, blue of 0-255
 */
export function toned({ data }: Canvas, { contrast, saturation }: Factors): Uint8Array {
  const gain = between(CONTRAST, contrast);
  const colour = between(SATURATION, saturation);
  const bytes = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number];
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    const light = 0.5 + gain * (luma - 0.5);
    bytes[at] = byte(light + colour * (red - luma));
    bytes[at + 1] = byte(light + colour * (green - luma));
    bytes[at + 2] = byte(light + colour * (blue - luma));
  }
  return bytes;
}

const between = ([low, high]: readonly [number, number], share: number) => low + share * (high - low);
const byte = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 255);
