/** How a stored picture is turned or mirrored before it is shown; 1 is as stored. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;
const PREFIX = "Exif\0\0";

/** The orientation that EXIF data name; 1 where they name none, or are damaged. @param exif with or without its prefix */
export function exifOrientation(exif: Buffer): Orientation {
  const tiff = exif.toString("latin1", 0, PREFIX.length) === PREFIX ? exif.subarray(PREFIX.length) : exif;
  const byteOrder = tiff.toString("latin1", 0, 4);
  if (tiff.length < 10 || (byteOrder !== "II*\0" && byteOrder !== "MM\0*")) return 1;
  const little = byteOrder === "II*\0";
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = u32(4);
  if (directory + 2 > tiff.length) return 1;
  const first = directory + 2;
  const entries = Math.min(u16(directory), Math.floor((tiff.length - first) / ENTRY_BYTES));
  for (let entry = 0; entry < entries; entry++) {
    const at = first + entry * ENTRY_BYTES;
    if (u16(at) === ORIENTATION_TAG) return isOrientation(u16(at + 8)) ? (u16(at + 8) as Orientation) : 1;
  }
  return 1;
}

const isOrientation = (value: number): value is Orientation => Number.isInteger(value) && value >= 1 && value <= 8;
