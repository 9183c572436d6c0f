import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { random } from "../../lib/base/random";
import { decodeThumbnail, keepThumbnail, previewUri, sharp } from "../../lib/thumbnails";
import { limiter } from "../../lib/thumbnails/open";
import { flat, jpegSegment, pngChunk, scene, webp, webpChunk, withChunks } from "./make";

const size = (bytes: Uint8Array | string) => decodeThumbnail(bytes, {}, ({ width, height }) => [width, height]);
const code = (bytes: Uint8Array | string) =>
  size(bytes).then(
    () => "taken",
    (thrown: { code?: string }) => thrown.code,
  );

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>';
/** First bytes of formats that libvips, or a future version of it, may know. */
const OTHERS: Record<string, Buffer> = {
  SVG: Buffer.from(SVG),
  "SVG after a declaration": Buffer.from(`<?xml version="1.0"?>\n<!-- x -->${SVG}`),
  GIF: Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64"),
  TIFF: Buffer.from("II*\0\x08\0\0\0\0\0\0\0\0\0", "latin1"),
  BigTIFF: Buffer.from("MM\0+\0\x08\0\0\0\0\0\0", "latin1"),
  AVIF: Buffer.from("\0\0\0 ftypavif\0\0\0\0avifmif1miaf", "latin1"),
  HEIC: Buffer.from("\0\0\0 ftypheic\0\0\0\0heicmif1miaf", "latin1"),
  BMP: Buffer.from("BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "latin1"),
  PDF: Buffer.from("%PDF-1.7\n"),
  "JPEG XL": Buffer.from("\xff\x0a\xfa\x7f\x01", "latin1"),
  "JPEG 2000": Buffer.from("\0\0\0\x0cjP  \r\n\x87\n", "latin1"),
  PPM: Buffer.from("P6\n64 64\n255\n"),
  "libvips' own": Buffer.from([0x08, 0xf2, 0xa6, 0xb6]),
  Radiance: Buffer.from("#?RADIANCE\n"),
  "a page": Buffer.from("<!doctype html><title>404</title>"),
  "RIFF that is a sound": Buffer.from("RIFF\x24\0\0\0WAVEfmt ", "latin1"),
  "half a signature": Buffer.from("\x89PNG\r\n", "latin1"),
};

test.each(Object.entries(OTHERS))("%s is refused by its content, whatever it is called", async (_name, bytes) => {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-format-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "x.jpg");
  await writeFile(path, bytes);
  for (const source of [bytes, path]) expect(await code(source)).toBe("PICTURE_FORMAT");
  await expect(keepThumbnail(bytes, "x", folder, true)).rejects.toMatchObject({ code: "PICTURE_FORMAT" });
  await expect(previewUri(path, 64, { type: "webp", quality: 70 })).rejects.toMatchObject({ code: "PICTURE_FORMAT" });
});

test("libvips itself reads nothing but JPEG, PNG and WebP; drawing and writing go on", async () => {
  const drawn = flat(64, 64).composite([{ input: await flat(8, 8).png().toBuffer() }]);
  for (const format of ["jpeg", "png", "webp"] as const)
    expect((await sharp(await drawn.clone().toFormat(format).toBuffer()).metadata()).format).toBe(format);
  for (const format of ["gif", "tiff", "avif"] as const) {
    const bytes = await drawn.clone().toFormat(format).toBuffer();
    await expect(sharp(bytes).metadata(), format).rejects.toThrow("unsupported image format");
  }
  await expect(sharp(Buffer.from(SVG)).metadata()).rejects.toThrow("unsupported image format");
});

const SIZES: [width: number, height: number, outcome: string][] = [
  [16, 16, "taken"],
  [15, 16, "PICTURE_SIZE"],
  [160, 16, "taken"],
  [16, 160, "taken"],
  [161, 16, "PICTURE_SIZE"],
  [8192, 820, "taken"],
  [8193, 1000, "PICTURE_SIZE"],
  [1000, 8193, "PICTURE_SIZE"],
  [7680, 4320, "taken"],
  [4320, 7680, "taken"],
  [7680, 4321, "PICTURE_SIZE"],
  [8192, 8192, "PICTURE_SIZE"],
];

test.each(SIZES)("%d x %d is %s, by every way in", async (width, height, outcome) => {
  const bytes = await flat(width, height).png().toBuffer();
  expect(await code(bytes)).toBe(outcome);
  const kept = keepThumbnail(bytes, "x", "nowhere", false).then(
    () => "taken",
    (thrown: { code?: string }) => thrown.code,
  );
  expect(await kept).toBe(outcome);
  if (outcome !== "taken")
    await expect(previewUri(bytes, 64, { type: "webp", quality: 70 })).rejects.toMatchObject({ code: outcome });
});

test("a header that claims too much is refused without decoding", async () => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(16, 0);
  header.writeUInt32BE(3_000_000, 4);
  header.set([8, 2], 8);
  const start = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const tall = Buffer.concat([start, pngChunk("IHDR", header), pngChunk("IDAT", Buffer.alloc(9))]);
  expect(await code(tall)).toBe("PICTURE_SIZE");
});

test("more than 50 MB in memory are refused", async () => {
  const small = await scene(64, 64).jpeg().toBuffer();
  expect(await code(Buffer.concat([small], 50 * 1024 * 1024))).toBe("taken");
  expect(await code(Buffer.concat([small], 50 * 1024 * 1024 + 1))).toBe("PICTURE_SIZE");
});

test("texts and profiles that unpack to gigabytes are not unpacked", async () => {
  const png = await scene(64, 64).png().toBuffer();
  const packed = deflateSync(Buffer.alloc(40_000_000, 65));
  const texts = Array.from({ length: 140 }, (_, at) =>
    pngChunk("zTXt", Buffer.concat([Buffer.from(`k${at}\0\0`), packed])),
  );
  const before = process.resourceUsage().maxRSS;
  expect(await size(withChunks(png, ...texts))).toEqual([64, 64]);
  expect(await size(withChunks(png, pngChunk("iCCP", Buffer.concat([Buffer.from("p\0\0"), packed]))))).toEqual([
    64, 64,
  ]);
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(150);
});

test("of an animation the first frame is taken, however many there are", async () => {
  const red = await flat(16, 16).webp({ lossless: true }).toBuffer();
  const head = Buffer.from("\x02\0\0\0\x0f\0\0\x0f\0\0", "latin1");
  const place = Buffer.from("\0\0\0\0\0\0\x0f\0\0\x0f\0\0\x64\0\0\0", "latin1");
  const frame = webpChunk("ANMF", Buffer.concat([place, red.subarray(12)]));
  const frames = Buffer.concat(Array.from({ length: 400_000 }, () => frame));
  const animation = webp(webpChunk("VP8X", head), webpChunk("ANIM", Buffer.alloc(6)), frames);
  const { data } = await decodeThumbnail(animation, {}, (pixels) => pixels);
  expect([...data.subarray(0, 3)]).toEqual([0xa0, 0x50, 0x30]);
});

test("a JPEG of a thousand scans is refused; a progressive one is taken", async () => {
  const progressive = await scene(64, 64).jpeg({ progressive: true }).toBuffer();
  expect(await code(progressive)).toBe("taken");
  const scan = jpegSegment(0xda, Buffer.from([1, 1, 0, 63, 63, 0]));
  const scans = Buffer.concat([progressive.subarray(0, -2), ...Array.from({ length: 1000 }, () => scan)]);
  await expect(size(scans)).rejects.toMatchObject({ code: "PICTURE_BROKEN", reason: "it has more than 100 scans" });
});

test("a PNG whose data go on for gigabytes after its last row is refused; one of 3 MB that ends there is taken", async () => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(64, 0);
  header.writeUInt32BE(64, 4);
  header.set([8, 2], 8);
  const zeros = deflateRawSync(Buffer.alloc(20_000_000), { finishFlush: constants.Z_FULL_FLUSH });
  const data = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: 1500 }, () => zeros)]);
  const start = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const endless = Buffer.concat([
    start,
    pngChunk("IHDR", header),
    pngChunk("IDAT", data),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
  await expect(size(endless)).rejects.toMatchObject({ reason: "its data continues after its last row" });
  const bits = random("noise", 1);
  const noise = Uint8Array.from({ length: 1000 * 1100 * 3 }, () => bits.integer(256));
  const png = await sharp(noise, { raw: { width: 1100, height: 1000, channels: 3 } })
    .png()
    .toBuffer();
  expect(png.length).toBeGreaterThan(3_000_000);
  expect(await size(png)).toEqual([1100, 1000]);
});

test("colours of every kind are decoded: CMYK, 16 bits, palette, grey with alpha", async () => {
  const pictures = [
    await scene(64, 48).toColourspace("cmyk").jpeg().toBuffer(),
    await scene(64, 48).toColourspace("rgb16").png().toBuffer(),
    await scene(64, 48).png({ palette: true, colours: 8, progressive: true }).toBuffer(),
    await scene(64, 48).greyscale().ensureAlpha(0.5).png().toBuffer(),
    await scene(64, 48).ensureAlpha(0.5).webp().toBuffer(),
  ];
  for (const picture of pictures) {
    const { data, width, height } = await decodeThumbnail(picture, {}, (pixels) => pixels);
    expect([width, height, data.length]).toEqual([64, 48, 64 * 48 * 3]);
  }
});

test("metadata of any kind leave the pixels as they are", async () => {
  const pixels = async (bytes: Buffer) =>
    new Uint8Array(await decodeThumbnail(bytes, {}, ({ data }) => data)).toString();
  for (const format of ["jpeg", "png", "webp"] as const) {
    const bare = await scene(80, 60).toFormat(format).toBuffer();
    const laden = await scene(80, 60)
      .withExif({ IFD0: { Copyright: "x".repeat(1000) } })
      .withIccProfile("p3")
      .withXmp("<x/>")
      .toFormat(format)
      .toBuffer();
    expect(laden.length).toBeGreaterThan(bare.length);
    // A profile changes the stored pixels: what is compared is a file with its metadata against the same without them.
    const stripped = await sharp(laden, { ignoreIcc: true }).raw().toBuffer();
    expect(await pixels(laden)).toBe(new Uint8Array(stripped).toString());
  }
});

test("so many tasks at once, in their order, whatever fails", async () => {
  const two = limiter(2);
  const seen: number[] = [];
  let underWay = 0;
  const tasks = [0, 1, 2, 3, 4, 5].map((number) =>
    two(async () => {
      underWay++;
      seen.push(number);
      expect(underWay).toBeLessThanOrEqual(2);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      if (number % 2 === 1) throw new Error("odd");
      return number;
    }),
  );
  expect((await Promise.allSettled(tasks)).map(({ status }) => status === "fulfilled")).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
  ]);
  expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
});

const FAULTS = join(__dirname, "../../../shared/faults");

test.skipIf(!existsSync(FAULTS))("the faulty pictures collected so far are refused by size and format", async () => {
  const codes = ["bomb_tall3M.png", "svg.jpg", "svgfilter.jpg", "vid00000000.JPG"].map(async (name) =>
    code(await readFile(join(FAULTS, name))),
  );
  expect(await Promise.all(codes)).toEqual(["PICTURE_SIZE", "PICTURE_FORMAT", "PICTURE_FORMAT", "taken"]);
});
