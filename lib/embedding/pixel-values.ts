import type { Pixels } from "./encoder";

/** For red, green and blue, the value of each byte: scaled to 0-1, minus the mean, divided by the deviation. */
export type ByteValues = readonly Float32Array[];

/** Makes the table that `pixelValues` reads. @param means of red, green and blue, 0-1 */
export function byteValues(means: readonly number[], deviations: readonly number[]): ByteValues {
  return means.map((mean, channel) => {
    return Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / deviations[channel]!);
  });
}

/**
 * Normalises pictures of one size, as Python's CLIPImageProcessor.
 * @returns [pictures, 3, height, width]
 */
export function pixelValues(pictures: readonly Pixels[], table: ByteValues): Float32Array {
  const [{ width, height } = { width: 0, height: 0 }] = pictures;
  const area = width * height;
  const values = new Float32Array(pictures.length * 3 * area);
  for (const [index, { data }] of pictures.entries()) {
    for (const [channel, ofByte] of table.entries()) {
      const to = (index * 3 + channel) * area;
      for (let i = 0; i < area; i++) values[to + i] = ofByte[data[i * 3 + channel]!]!;
    }
  }
  return values;
}
