import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { random } from "../../lib/base/random";
import { scene } from "../../tests/thumbnails/make";

const DRAWN = 24;
const REAL = 200;

/**
 * Pictures for the bench: real thumbnails of a folder, else 1280x720 drawings with noise, of which JPEG files are as large
 * as those of photographs.
 */
export async function benchPictures(folder: string | undefined, width = 1280, height = 720): Promise<Buffer[]> {
  if (folder !== undefined) {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.jpe?g$/i.test(name));
    return Promise.all(
      names
        .sort()
        .slice(0, REAL)
        .map((name) => readFile(join(folder, name))),
    );
  }
  return Promise.all(Array.from({ length: DRAWN }, (_, index) => drawn(index, width, height)));
}

async function drawn(index: number, width: number, height: number): Promise<Buffer> {
  const pixels = await scene(width, height).raw().toBuffer();
  const source = random("bench-picture", index);
  for (let at = 0; at < pixels.length; at += 1 + source.integer(6)) pixels[at] = source.integer(256);
  const { sharp } = await import("../../lib/thumbnails");
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 60 })
    .toBuffer();
}

/** The same picture with another hash, so that no cache knows it: decoders ignore what follows a JPEG's end. */
export function distinct(jpeg: Buffer, number: number): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeDoubleLE(number);
  return Buffer.concat([jpeg, tail]);
}
