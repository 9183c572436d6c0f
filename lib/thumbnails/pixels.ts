import { at } from "../base";
/** A decoded picture: RGB, row-major, three bytes a pixel: [height, width, 3]. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/** How a stored picture must be turned or mirrored for display; 1 is as stored. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;
const PREFIX = "Exif\0\0";

/** The orientation in EXIF data; 1 if there is none, or the data is damaged. @param exif with or without its prefix */
export function exifOrientation(exif: Buffer): Orientation {
  const tiff = exif.toString("latin1", 0, PREFIX.length) === PREFIX ? exif.subarray(PREFIX.length) : exif;
  const byteOrder = tiff.toString("latin1", 0, 4);
  if (tiff.length < 10 || (byteOrder !== "II*\0" && byteOrder !== "MM\0*")) return 1;
  const little = byteOrder === "II*\0";
  const u16 = (i: number) => (little ? tiff.readUInt16LE(i) : tiff.readUInt16BE(i));
  const u32 = (i: number) => (little ? tiff.readUInt32LE(i) : tiff.readUInt32BE(i));
  const directory = u32(4);
  if (directory + 2 > tiff.length) return 1;
  const first = directory + 2;
  const entries = Math.min(u16(directory), Math.floor((tiff.length - first) / ENTRY_BYTES));
  for (let entry = 0; entry < entries; entry++) {
    const offset = first + entry * ENTRY_BYTES;
    if (u16(offset) === ORIENTATION_TAG) return isOrientation(u16(offset + 8)) ? (u16(offset + 8) as Orientation) : 1;
  }
  return 1;
}

const isOrientation = (value: number): value is Orientation => Number.isInteger(value) && value >= 1 && value <= 8;

/**
 * Turns and mirrors pixels as a viewer does for this EXIF orientation.
 * @returns the same pixels if there is nothing to do
 */
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
      result[to++] = at(data, from);
      result[to++] = at(data, from + 1);
      result[to++] = at(data, from + 2);
    }
  }
  return { data: result, width: toWidth, height: toHeight };
}

/**
 * Index of the stored pixel that is shown first, and the steps in storage to the next pixel to the right and the one
 * below.
 */
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
