import type { Thumbnail } from "../store";
import { exifOrientation, type Orientation } from "./pixels";

/** A chunk of a PNG file: length, name, data and checksum. */
interface PngChunk {
  type: string;
  from: number;
  to: number;
}

/** A picture's file without the parts that are not needed to decode its first frame. */
export interface Stripped {
  bytes: Buffer;
  orientation: Orientation;
}

/** A range of a file to remove. */
interface Extra {
  from: number;
  to: number;
  /** Offset of the EXIF data in it. */
  exif?: number;
}

/**
 * Removes texts, profiles, EXIF data, later frames and anything after the picture before a decoder sees them: a
 * compressed text of a few kB unpacks to gigabytes, and hundreds of thousands of frames take minutes to count. The
 * pixels stay the same, as colour profiles are ignored. A damaged file is kept unchanged from the damage on.
 */
export function stripMetadata(file: Uint8Array, format: Thumbnail["format"]): Stripped {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  let stripped: Buffer | undefined;
  let orientation: Orientation = 1;
  let from = 0;
  let length = 0;
  for (const extra of EXTRAS[format](bytes)) {
    if (extra.exif !== undefined && orientation === 1)
      orientation = exifOrientation(bytes.subarray(extra.exif, extra.to));
    stripped ??= Buffer.alloc(bytes.length);
    length += bytes.copy(stripped, length, from, extra.from);
    from = extra.to;
  }
  if (stripped === undefined) return { bytes, orientation };
  length += bytes.copy(stripped, length, from);
  if (format === "webp") correctWebpHead(stripped, bytes.length - length);
  return { bytes: stripped.subarray(0, length), orientation };
}

const EXTRAS = { jpeg: jpegExtras, png: pngExtras, webp: webpExtras };

/**
 * JFIF's segment defines the picture's colours and Adobe's their encoding; all other application segments are removed.
 */
function* jpegExtras(bytes: Buffer): Generator<Extra> {
  const app0 = 0xe0;
  const app1 = 0xe1;
  const app14 = 0xee;
  const app15 = 0xef;
  const comment = 0xfe;
  const startOfScan = 0xda;
  for (let i = 2; i + 4 <= bytes.length && bytes[i] === 0xff; ) {
    const marker = bytes.readUInt8(i + 1);
    if (marker === startOfScan) return;
    const hasLength = marker !== 0xff && marker !== 0x01 && (marker < 0xd0 || marker > 0xd9);
    const to = hasLength ? i + 2 + bytes.readUInt16BE(i + 2) : i + (marker === 0xff ? 1 : 2);
    if (to > bytes.length) return;
    const isApplication = marker > app0 && marker <= app15 && marker !== app14;
    if (marker === app1 && bytes.toString("latin1", i + 4, i + 10) === "Exif\0\0") yield { from: i, to, exif: i + 4 };
    else if (isApplication || marker === comment) yield { from: i, to };
    i = to;
  }
}

/** Chunks whose name starts with a capital are needed to decode; `tRNS` is the only other one that changes pixels. */
function* pngExtras(bytes: Buffer): Generator<Extra> {
  for (const { type, from, to } of pngChunks(bytes)) {
    if (type === "eXIf") yield { from, to, exif: from + 8 };
    else if (!/^[A-Z]/.test(type) && type !== "tRNS") yield { from, to };
    if (type === "IEND" && to < bytes.length) yield { from: to, to: bytes.length };
  }
}

const WEBP_CHUNKS = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM"]);

/** Keeps the picture's own chunks and, of an animation, the first frame. */
function* webpExtras(bytes: Buffer): Generator<Extra> {
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4));
  let frames = 0;
  for (let i = 12; i + 8 <= end; ) {
    const sizeBytes = bytes.readUInt32LE(i + 4);
    const to = i + 8 + sizeBytes + (sizeBytes % 2);
    if (to > end) return;
    const type = bytes.toString("latin1", i, i + 4);
    const isFirstFrame = type === "ANMF" && frames++ === 0;
    if (type === "EXIF") yield { from: i, to, exif: i + 8 };
    else if (!isFirstFrame && !WEBP_CHUNKS.has(type)) yield { from: i, to };
    i = to;
  }
}

/** Corrects the file's length and its feature flags. */
function correctWebpHead(stripped: Buffer, removedBytes: number): void {
  const alpha = 0x10;
  const animation = 0x02;
  stripped.writeUInt32LE(Math.max(0, stripped.readUInt32LE(4) - removedBytes), 4);
  if (stripped.toString("latin1", 12, 16) === "VP8X")
    stripped.writeUInt8(stripped.readUInt8(20) & (alpha | animation), 20);
}

/** The complete chunks of a PNG file, up to its end or to the first truncated one. */
export function* pngChunks(bytes: Buffer): Generator<PngChunk> {
  for (let from = 8; from + 12 <= bytes.length; ) {
    const to = from + 12 + bytes.readUInt32BE(from);
    if (to > bytes.length) return;
    const type = bytes.toString("latin1", from + 4, from + 8);
    yield { type, from, to };
    if (type === "IEND") return;
    from = to;
  }
}
