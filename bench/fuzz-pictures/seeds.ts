import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pngChunk, scene, webp, webpChunk, withChunks } from "../../tests/thumbnails/make";

/** What mutants are made of. */
export interface Seed {
  name: string;
  bytes: Buffer;
}

/**
 * Pictures of every kind that is taken, and files of other formats.
 * @param real how many pictures of the folder to add; none where it is not there
 */
export async function seedPictures(folder?: string, real = 60): Promise<Seed[]> {
  const drawn = () => scene(200, 112);
  const webpBytes = await drawn().webp({ lossless: true }).toBuffer();
  const frame = webpChunk(
    "ANMF",
    Buffer.concat([Buffer.from("\0\0\0\0\0\0\xc7\0\0\x6f\0\0\x64\0\0\0", "latin1"), webpBytes.subarray(12)]),
  );
  const seeds: Record<string, Buffer | Promise<Buffer>> = {
    "baseline.jpg": drawn().jpeg({ quality: 80 }).toBuffer(),
    "progressive.jpg": drawn().jpeg({ progressive: true }).toBuffer(),
    "cmyk.jpg": drawn().toColourspace("cmyk").jpeg().toBuffer(),
    "grey.jpg": drawn().greyscale().jpeg().toBuffer(),
    "turned.jpg": drawn().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    "large.jpg": scene(1280, 720).jpeg().toBuffer(),
    "rgb.png": drawn().png().toBuffer(),
    "palette.png": drawn().png({ palette: true, colours: 16 }).toBuffer(),
    "interlaced.png": drawn().png({ progressive: true }).toBuffer(),
    "deep.png": drawn().toColourspace("rgb16").png().toBuffer(),
    "alpha.png": drawn().ensureAlpha(0.5).withMetadata({ orientation: 8 }).png().toBuffer(),
    "texts.png": drawn()
      .withIccProfile("p3")
      .png()
      .toBuffer()
      .then((png) => withChunks(png, pngChunk("tEXt", Buffer.from("Comment\0a text")))),
    "lossy.webp": drawn().webp().toBuffer(),
    "lossless.webp": webpBytes,
    "turned.webp": drawn().ensureAlpha(0.5).withMetadata({ orientation: 3 }).webp().toBuffer(),
    "animated.webp": webp(
      webpChunk("VP8X", Buffer.from("\x02\0\0\0\xc7\0\0\x6f\0\0", "latin1")),
      webpChunk("ANIM", Buffer.alloc(6)),
      frame,
      frame,
    ),
    "vector.jpg": Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'),
    "moving.png": drawn().gif().toBuffer(),
    "scanned.jpg": drawn().tiff().toBuffer(),
    "small.webp": drawn().avif({ effort: 0 }).toBuffer(),
    "bitmap.png": Buffer.concat([Buffer.from("BM"), Buffer.alloc(200)]),
    "paper.jpg": Buffer.from("%PDF-1.7\n1 0 obj\n"),
    "phone.jpg": Buffer.from("\0\0\0 ftypheic\0\0\0\0heicmif1miaf", "latin1"),
    "page.jpg": Buffer.from("<!doctype html><title>Not found</title>"),
  };
  const made = await Promise.all(Object.entries(seeds).map(async ([name, bytes]) => ({ name, bytes: await bytes })));
  return [...made, ...(await realPictures(folder, real))];
}

async function realPictures(folder: string | undefined, count: number): Promise<Seed[]> {
  if (folder === undefined || !existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(jpe?g|png|webp)$/i.test(name),
  );
  const some = names.sort().slice(0, count);
  return Promise.all(some.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}
