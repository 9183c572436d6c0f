import sharp from "sharp";
import { SIZES, type Size } from "../youtube/pictures";

// Memory for speed that nobody needs.
sharp.cache(false);
sharp.concurrency(1);

/** Pictures that are drawn; each video has one of them, with bytes of its own. */
export const PICTURES = 24;

type Colour = readonly [red: number, green: number, blue: number];

const colour = (picture: number, turn: number): Colour => [
  40 + ((picture * 67 + turn * 29) % 200),
  40 + ((picture * 101 + turn * 53) % 200),
  40 + ((picture * 151 + turn * 83) % 200),
];

/** The colour of a picture at a place, 0 to 1 across and down: a bar of text, a face, a ground, a sky. */
function colourAt(picture: number, x: number, y: number): Colour {
  const isBar = y > 0.11 && y < 0.21 && x > 0.05 && x < 0.3 + ((picture * 71) % 55) / 100;
  if (isBar) return [245, 245, 245];
  const faceX = 0.25 + ((picture * 97) % 50) / 100;
  const faceY = 0.36 + ((picture * 53) % 22) / 100;
  const radius = 0.12 + ((picture * 17) % 16) / 100;
  if ((((x - faceX) * 16) / 9) ** 2 + (y - faceY) ** 2 < radius ** 2) return colour(picture, 2);
  return colour(picture, y > 0.6 + ((picture * 31) % 17) / 100 ? 1 : 0);
}

const SKETCH = { width: 320, height: 180 };

/** RGB of the picture, small. */
function sketch(picture: number): Buffer {
  const bytes = Buffer.alloc(SKETCH.width * SKETCH.height * 3);
  for (let row = 0; row < SKETCH.height; row++)
    for (let column = 0; column < SKETCH.width; column++)
      bytes.set(colourAt(picture, column / SKETCH.width, row / SKETCH.height), 3 * (row * SKETCH.width + column));
  return bytes;
}

/** A JPEG of the picture; the 4:3 sizes carry it between black bars, as YouTube's do. */
function encode(picture: number, { width, height }: Size): Promise<Buffer> {
  const wide = Math.round((width * 9) / 16);
  const top = (height - wide) >> 1;
  const bottom = (height - wide + 1) >> 1;
  const scaled = sharp(sketch(picture), { raw: { ...SKETCH, channels: 3 } }).resize(width, wide);
  return scaled.extend({ top, bottom, background: "black" }).jpeg({ quality: 60 }).toBuffer();
}

const encoded = new Map<string, Promise<Buffer>>();

/** The JPEG of one of the pictures in one size, encoded when first asked for. */
export function pictureOf(picture: number, size: Size): Promise<Buffer> {
  const key = `${picture} ${size.name}`;
  const known = encoded.get(key) ?? encode(picture, size);
  encoded.set(key, known);
  return known;
}

const { width, height } = SIZES[0];

/** The grey picture that YouTube shows where there is none: 120x90. */
export const placeholder: Promise<Buffer> = sharp({ create: { width, height, channels: 3, background: "#cccccc" } })
  .jpeg({ quality: 80 })
  .toBuffer();

/** The same picture with a comment of its own, so that its bytes and hash are its own too. */
export function commented(jpeg: Buffer, comment: string): Buffer {
  // Behind the JFIF header, where there is one, as readers expect.
  const at = jpeg.readUInt16BE(2) === 0xffe0 ? 4 + jpeg.readUInt16BE(4) : 2;
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xfffe, 0);
  head.writeUInt16BE(comment.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, at), head, Buffer.from(comment, "latin1"), jpeg.subarray(at)]);
}
