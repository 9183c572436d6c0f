import { crc32 } from "node:zlib";
import type { Random } from "../../lib/base/random";
import { jpegSegment, pngChunk } from "../../tests/thumbnails/make";
import type { Seed } from "./seeds";

/** A stretch of a picture's file that has a length of its own: a chunk, or a JPEG segment. */
interface Section {
  from: number;
  to: number;
}

type Mutation = (bytes: Buffer, source: Random) => Buffer;

/** A picture that is damaged in one to three ways; one in twenty is as it was. */
export function mutant(seed: Seed, source: Random): Buffer {
  let bytes: Buffer = Buffer.from(seed.bytes);
  if (source.integer(20) === 0) return bytes;
  for (let count = 1 + source.integer(3); count > 0; count--) bytes = pick(MUTATIONS, source)(bytes, source);
  return source.integer(2) === 0 ? withRightSums(bytes) : bytes;
}

const MUTATIONS: Mutation[] = [
  flipBits,
  overwrite,
  truncate,
  remove,
  repeat,
  append,
  changeLength,
  changeLength,
  changeSize,
  changeSize,
  changeHeader,
  swapSections,
  changeMarker,
  addOrientation,
];

/** Lengths and sizes at which programs err. */
const EDGES = [
  0, 1, 2, 15, 16, 255, 256, 8192, 8193, 65_535, 3_000_000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

function flipBits(bytes: Buffer, source: Random): Buffer {
  if (bytes.length === 0) return bytes;
  for (let count = 1 + source.integer(40); count > 0; count--) {
    const at = source.integer(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << source.integer(8)), at);
  }
  return bytes;
}

function overwrite(bytes: Buffer, source: Random): Buffer {
  const from = source.integer(bytes.length + 1);
  const length = source.integer(400);
  const value = source.integer(256);
  return bytes.fill(value, from, Math.min(bytes.length, from + length));
}

function truncate(bytes: Buffer, source: Random): Buffer {
  return bytes.subarray(0, source.integer(bytes.length + 1));
}

function remove(bytes: Buffer, source: Random): Buffer {
  const from = source.integer(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + source.integer(200))]);
}

function repeat(bytes: Buffer, source: Random): Buffer {
  const { from, to } = pick(sectionsOf(bytes), source);
  const copies = Array.from({ length: 1 + source.integer(200) }, () => bytes.subarray(from, to));
  return Buffer.concat([bytes.subarray(0, to), ...copies, bytes.subarray(to)]);
}

function append(bytes: Buffer, source: Random): Buffer {
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: source.integer(3000) }, () => source.integer(256)))]);
}

function changeLength(bytes: Buffer, source: Random): Buffer {
  const { from } = pick(sectionsOf(bytes), source);
  const value = source.integer(2) === 0 ? pick(EDGES, source) : source.integer(bytes.length + 20);
  if (isPng(bytes) && from + 4 <= bytes.length) bytes.writeUInt32BE(value >>> 0, from);
  else if (isJpeg(bytes) && from + 4 <= bytes.length) bytes.writeUInt16BE(value & 0xffff, from + 2);
  else if (from + 8 <= bytes.length) bytes.writeUInt32LE(value >>> 0, from + 4);
  return bytes;
}

/** Another width or height in the header. */
function changeSize(bytes: Buffer, source: Random): Buffer {
  const value = pick(EDGES, source);
  const second = source.integer(2);
  if (isPng(bytes) && bytes.length >= 24) bytes.writeUInt32BE(value >>> 0, 16 + 4 * second);
  else if (isJpeg(bytes)) {
    const frame = sectionsOf(bytes).find(({ from }) => [0xc0, 0xc1, 0xc2].includes(bytes[from + 1] ?? 0));
    if (frame && frame.from + 9 <= bytes.length) bytes.writeUInt16BE(value & 0xffff, frame.from + 5 + 2 * second);
  } else if (bytes.length >= 30) bytes.writeUIntLE(value & 0xffffff, 24 + 3 * second, 3);
  return bytes;
}

/** Bit depth, colours, interlacing, components, flags: what the first bytes after the sizes say. */
function changeHeader(bytes: Buffer, source: Random): Buffer {
  const at = (isPng(bytes) ? 24 : 2) + source.integer(30);
  if (at < bytes.length) bytes.writeUInt8(pick([0, 1, 2, 3, 4, 6, 8, 16, 17, 255], source), at);
  return bytes;
}

function swapSections(bytes: Buffer, source: Random): Buffer {
  const sections = sectionsOf(bytes);
  const [a, b] = [pick(sections, source), pick(sections, source)].sort((one, other) => one.from - other.from);
  if (a === undefined || b === undefined || a === b || a.to > b.from) return bytes;
  const part = (from: number, to?: number) => bytes.subarray(from, to);
  return Buffer.concat([part(0, a.from), part(b.from, b.to), part(a.to, b.from), part(a.from, a.to), part(b.to)]);
}

function changeMarker(bytes: Buffer, source: Random): Buffer {
  const { from } = pick(sectionsOf(bytes), source);
  const at = from + (isJpeg(bytes) ? 1 : isPng(bytes) ? 4 + source.integer(4) : source.integer(4));
  if (at < bytes.length) bytes.writeUInt8(isJpeg(bytes) ? 0xc0 + source.integer(64) : 65 + source.integer(58), at);
  return bytes;
}

/** EXIF data with any orientation, in either byte order, sometimes cut. */
function addOrientation(bytes: Buffer, source: Random): Buffer {
  const tiff = Buffer.from("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0", "latin1");
  tiff.writeUInt16BE(source.integer(12), 18);
  if (source.integer(4) === 0) tiff.writeUInt32BE(pick(EDGES, source) >>> 0, 4);
  const exif = source.integer(4) === 0 ? tiff.subarray(0, source.integer(tiff.length)) : tiff;
  const at = isPng(bytes) ? 33 : 2;
  const section = isPng(bytes)
    ? pngChunk("eXIf", exif)
    : jpegSegment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif]));
  return isPng(bytes) || isJpeg(bytes) ? Buffer.concat([bytes.subarray(0, at), section, bytes.subarray(at)]) : bytes;
}

const isPng = (bytes: Buffer) => bytes.toString("latin1", 1, 4) === "PNG";
const isJpeg = (bytes: Buffer) => bytes[0] === 0xff && bytes[1] === 0xd8;

/** At least one section; a file of no known format is one. */
function sectionsOf(bytes: Buffer): Section[] {
  const sections: Section[] = [];
  const isWebp = bytes.toString("latin1", 0, 4) === "RIFF";
  const start = isPng(bytes) ? 8 : isJpeg(bytes) ? 2 : 12;
  for (let from = start; (isPng(bytes) || isJpeg(bytes) || isWebp) && from + 12 <= bytes.length; ) {
    const length = isPng(bytes)
      ? 12 + bytes.readUInt32BE(from)
      : isJpeg(bytes)
        ? 2 + bytes.readUInt16BE(from + 2)
        : 8 + bytes.readUInt32LE(from + 4) + (bytes.readUInt32LE(from + 4) % 2);
    const to = Math.min(bytes.length, from + length);
    sections.push({ from, to });
    from = to;
  }
  return sections.length > 0 ? sections : [{ from: 0, to: bytes.length }];
}

/** A PNG file whose chunks' checksums are right, so that more of it is read. */
function withRightSums(bytes: Buffer): Buffer {
  if (!isPng(bytes)) return bytes;
  for (const { from, to } of sectionsOf(bytes)) {
    if (to - from >= 12) bytes.writeUInt32BE(crc32(bytes.subarray(from + 4, to - 4)), to - 4);
  }
  return bytes;
}

function pick<Item>(items: readonly Item[], source: Random): Item {
  const item = items[source.integer(items.length)];
  if (item === undefined) throw new RangeError("there is nothing to pick from");
  return item;
}
