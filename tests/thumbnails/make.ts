import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";

/** A picture without symmetry, so that each way of turning it shows. */
export function scene(width: number, height: number): Sharp {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const x = at % width;
    const y = Math.floor(at / width);
    pixels.set([(255 * x) / width, (255 * y) / height, x < width / 3 && y < height / 2 ? 220 : 30], at * 3);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** One flat colour. */
export const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#a05030" }, limitInputPixels: false });

/** A chunk of a PNG file. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Chunks put behind a PNG file's header. */
export const withChunks = (png: Buffer, ...chunks: Buffer[]) =>
  Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);

/** A segment of a JPEG file. */
export function jpegSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** A chunk of a WebP file. */
export function webpChunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** A WebP file of chunks. */
export function webp(...chunks: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  return webpChunk("RIFF", body);
}
