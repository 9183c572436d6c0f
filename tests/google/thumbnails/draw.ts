import sharp from "sharp";
import { SIZES, type Size } from "../youtube/pictures";

/** Pictures that are drawn; each video has one of them, with bytes of its own. */
export const PICTURES = 24;

const shade = (picture: number, turn: number) =>
  `hsl(${(picture * 47 + turn) % 360} 70% ${30 + ((picture * 13 + turn) % 45)}%)`;

/** A sky, a ground, a face and a line of text's worth of bars: 1280x720. */
function drawing(picture: number): string {
  const [x, y] = [320 + ((picture * 97) % 640), 260 + ((picture * 53) % 160)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">
    <rect width="1280" height="720" fill="${shade(picture, 0)}"/>
    <rect y="${430 + ((picture * 31) % 120)}" width="1280" height="400" fill="${shade(picture, 90)}"/>
    <circle cx="${x}" cy="${y}" r="${90 + ((picture * 17) % 120)}" fill="${shade(picture, 200)}"/>
    <rect x="60" y="80" width="${300 + ((picture * 71) % 700)}" height="70" fill="white"/>
  </svg>`;
}

/** A JPEG of the picture; the 4:3 sizes carry it between black bars, as YouTube's do. */
async function encode(picture: number, { width, height }: Size): Promise<Buffer> {
  const wide = Math.round((width * 9) / 16);
  const bar = (height - wide) >> 1;
  const scaled = sharp(Buffer.from(drawing(picture))).resize(width, wide);
  const [top, bottom] = [bar, height - wide - bar];
  const framed = bar > 0 ? scaled.extend({ top, bottom, background: "black" }) : scaled;
  return framed.jpeg({ quality: 60 }).toBuffer();
}

const encoded = new Map<string, Promise<Buffer>>();

/** The JPEG of one of the pictures in one size, encoded when first asked for. */
export function pictureOf(picture: number, size: Size): Promise<Buffer> {
  const key = `${picture} ${size.name}`;
  const known = encoded.get(key) ?? encode(picture, size);
  encoded.set(key, known);
  return known;
}

/** The grey picture that YouTube shows where there is none: 120x90. */
export const placeholder: Promise<Buffer> = sharp({
  create: { width: SIZES[0].width, height: SIZES[0].height, channels: 3, background: "#cccccc" },
})
  .composite([
    {
      input: Buffer.from(
        '<svg width="40" height="8"><circle cx="4" cy="4" r="4"/><circle cx="20" cy="4" r="4"/><circle cx="36" cy="4" r="4"/></svg>',
      ),
    },
  ])
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
