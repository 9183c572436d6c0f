import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { AutoProcessor, RawImage } from "@huggingface/transformers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageEncoder, openImageEncoder } from "../../lib/embedding";
import { fitPixels, SIDE } from "../../lib/embedding/geometry";
import { decoded } from "./decoded";
import { cosine, golden, HUB, pictureFile, row } from "./golden";

const names = Object.keys(golden.pictures);
let clip: ImageEncoder;
beforeAll(async () => {
  clip = await openImageEncoder("clip-vit-l-14", { modelDir: HUB });
});
afterAll(() => clip.close());

test.each(names)("%s: the square CLIP sees is Pillow's, pixel by pixel", async (name) => {
  const expected = golden.pictures[name];
  const picture = await decoded(pictureFile(name));
  expect([picture.width, picture.height]).toEqual(expected?.decoded);
  const { data } = fitPixels(picture, "crop");
  const rows = Buffer.from(expected?.rows ?? "", "base64");
  const ours = [0, 56, 112, 168, 223].flatMap((line) => [...data.subarray(line * SIDE * 3, (line + 1) * SIDE * 3)]);
  const largest = ours.reduce((most, value, at) => Math.max(most, Math.abs(value - (rows[at] as number))), 0);
  // JPEG decoders may round differently; nothing else may.
  expect(largest).toBeLessThanOrEqual(name.endsWith("png") ? 0 : 1);
  if (name.endsWith("png")) expect(createHash("sha256").update(data).digest("hex")).toBe(expected?.sha256);
});

test("vectors equal Python's, preprocessing included", async () => {
  const vectors = await clip.encode(names.map(pictureFile));
  const cosines = names.map((name, at) => cosine(row(vectors, at, 768), golden.pictures[name]?.vector ?? []));
  for (const similarity of cosines) expect(similarity).toBeGreaterThan(0.99999);
});

test("the golden vectors tell pictures and preprocessing apart", async () => {
  const vectors = Object.values(golden.pictures).map(({ vector }) => vector);
  const similar = vectors.flatMap((a, i) => vectors.slice(0, i).map((b) => cosine(a, b)));
  expect(Math.max(...similar)).toBeLessThan(0.95);
  const processor = await AutoProcessor.from_pretrained(`${HUB}/Xenova/clip-vit-large-patch14`, {});
  const image = await RawImage.fromBlob(new Blob([await readFile(pictureFile("wide.jpg"))]));
  const { pixel_values } = (await processor(image)) as { pixel_values: { data: Float32Array } };
  const theirs = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const channel = at % 3;
    const value = pixel_values.data[channel * SIDE * SIDE + pixel] as number;
    const mean = [0.48145466, 0.4578275, 0.40821073];
    const deviation = [0.26862954, 0.26130258, 0.27577711];
    return Math.round((value * (deviation[channel] as number) + (mean[channel] as number)) * 255);
  });
  const vector = await clip.encode([{ data: theirs, width: SIDE, height: SIDE }]);
  expect(cosine(vector, golden.pictures["wide.jpg"]?.vector ?? [])).toBeLessThan(0.9999);
});

test("a picture's vector is the same alone, in a batch, decoded first, and from bytes", async () => {
  const file = pictureFile("letterboxed.jpg");
  const alone = await clip.encode([file]);
  const batch = await clip.encode([pictureFile("odd.png"), await clip.decode(file), await readFile(file)]);
  expect(cosine(row(batch, 1, 768), alone)).toBeCloseTo(1, 6);
  expect(row(batch, 2, 768)).toEqual(row(batch, 1, 768));
  expect(await clip.encode([])).toHaveLength(0);
});

test("rows have length 1 and the identity says what made them", async () => {
  const vectors = await clip.encode(names.slice(0, 2).map(pictureFile));
  for (const at of [0, 1]) expect(Math.hypot(...row(vectors, at, 768))).toBeCloseTo(1, 5);
  expect(clip.identity).toMatchObject({ kind: "image", model: "clip-vit-l-14", dimensions: 768 });
  expect(clip.identity.revision).toMatch(/^sha256:[0-9a-f]{16}$/);
});
