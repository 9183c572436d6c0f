import { existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { cosine, openImageEncoder } from "../../lib/embedding";
import { decodeThumbnail, type Pixels, previewUri } from "../../lib/thumbnails";
import { jpegSegment, pngChunk, scene, withChunks } from "./make";

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];
const same = (pixels: Pixels) => pixels;
const decoded = (bytes: Buffer, keepWidth?: number) => decodeThumbnail(bytes, { keepWidth }, same);

async function uprightBySharp(bytes: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(bytes).autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

for (const format of ["jpeg", "png", "webp"] as const) {
  test.each(ORIENTATIONS)(`a ${format} of orientation %d is as sharp turns it`, async (orientation) => {
    const bytes = await scene(90, 40).withMetadata({ orientation }).toFormat(format).toBuffer();
    const ours = await decoded(bytes);
    const sharps = await uprightBySharp(bytes);
    expect([ours.width, ours.height]).toEqual(orientation < 5 ? [90, 40] : [40, 90]);
    expect([sharps.width, sharps.height]).toEqual([ours.width, ours.height]);
    expect(Buffer.compare(Buffer.from(ours.data), Buffer.from(sharps.data))).toBe(0);
  });
}

test.each(ORIENTATIONS)("a large JPEG of orientation %d is shrunk exactly, then turned", async (orientation) => {
  const stored = await scene(1280, 720).jpeg().toBuffer();
  const turned = await sharp(stored).withMetadata({ orientation }).jpeg().toBuffer();
  const raw = await sharp(turned).resize(640, 360).raw().toBuffer();
  const half = await sharp(raw, { raw: { width: 640, height: 360, channels: 3 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer();
  const ours = await decoded(turned, 360);
  const expected = await uprightBySharp(half);
  expect([ours.width, ours.height]).toEqual([expected.width, expected.height]);
  expect(Buffer.compare(Buffer.from(ours.data), Buffer.from(expected.data))).toBe(0);
});

/** EXIF data that name an orientation. */
function exif(orientation: number, little = false): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write(little ? "II*\0" : "MM\0*", "latin1");
  const u16 = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at));
  u32(8, 4);
  u16(1, 8);
  u16(0x0112, 10);
  u16(3, 12);
  u32(1, 14);
  u16(orientation, 18);
  return tiff;
}

test("either byte order is read, and damaged EXIF data turn nothing", async () => {
  const jpeg = await scene(90, 40).jpeg().toBuffer();
  const png = await scene(90, 40).png().toBuffer();
  const withExif = (data: Buffer) =>
    Buffer.concat([
      jpeg.subarray(0, 2),
      jpegSegment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), data])),
      jpeg.subarray(2),
    ]);
  for (const little of [false, true]) {
    expect((await decoded(withExif(exif(6, little)))).width).toBe(40);
    expect((await decoded(withChunks(png, pngChunk("eXIf", exif(8, little))))).width).toBe(40);
  }
  const beyond = exif(6);
  beyond.writeUInt32BE(0xffffff00, 4);
  const many = exif(1);
  many.writeUInt16BE(0xffff, 8);
  many.writeUInt16BE(0x0111, 10);
  for (const damaged of [
    beyond,
    many,
    exif(0),
    exif(9),
    exif(6).subarray(0, 9),
    exif(6).subarray(0, 21),
    Buffer.alloc(0),
  ])
    expect((await decoded(withExif(damaged))).width).toBe(90);
});

test("a preview is upright", async () => {
  const bytes = await scene(90, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const uri = await previewUri(bytes, 20, { type: "jpeg", quality: 90 });
  const preview = Buffer.from(uri.split(",")[1] ?? "", "base64");
  expect(await sharp(preview).metadata()).toMatchObject({ width: 20, height: 45 });
  // The corner that is blue as stored, upper left, is upper right when turned clockwise.
  const { data } = await sharp(preview).raw().toBuffer({ resolveWithObject: true });
  expect(data[16 * 3 + 2]).toBeGreaterThan(180);
  expect(data[3 * 3 + 2]).toBeLessThan(80);
});

test("a turned picture and the same stored upright have one vector; the earlier version told them apart", async () => {
  const stored = await scene(360, 640).png().toBuffer();
  const turned = await sharp(stored).rotate(-90).withMetadata({ orientation: 6 }).png().toBuffer();
  const now = await openImageEncoder("descriptor");
  const one = await now.encode([turned]);
  const other = await now.encode([stored]);
  expect(one).toEqual(other);
  const earlier = await openImageEncoder("descriptor", { preprocessing: "no-black-bars, bilinear 320x180" });
  expect(earlier.identity).toMatchObject({ revision: "1", preprocessing: "no-black-bars, bilinear 320x180" });
  expect(now.identity).toMatchObject({ revision: "2", preprocessing: "upright, no-black-bars, bilinear 320x180" });
  expect(await earlier.encode([turned])).not.toEqual(one);
  expect(await earlier.encode([stored])).toEqual(one);
});

const FAULTS = join(__dirname, "../../../shared/faults");

test.skipIf(!existsSync(FAULTS))("the picture with orientation 6 among the faults is as the upright one", async () => {
  const encoder = await openImageEncoder("descriptor");
  const files = ["10-exif-orientation-6.jpg", "10-same-picture-upright.jpg"];
  const [turned, upright] = await Promise.all(files.map((name) => encoder.encode([join(FAULTS, name)])));
  // They were written as JPEG apart, so that some pixels differ by a little.
  expect(cosine(turned ?? [], upright ?? [])).toBeGreaterThan(0.99999);
});
