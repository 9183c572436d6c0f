import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { type ImageEncoder, openImageEncoder, type Pixels } from "../../lib/embedding";
import { computeFeatures } from "../../lib/embedding/descriptor/features";
import { type Drawing, draw, FACTORS } from "./draw";
import { cosine, golden, pictureFile, row } from "./golden";
import { correlation, dot, ridge } from "./ridge";

let descriptor: ImageEncoder;
beforeAll(async () => {
  descriptor = await openImageEncoder("descriptor");
});
const names = Object.keys(golden.pictures);
const statistics = (pixels: Pixels) => computeFeatures(pixels).statistics;
const plain: Drawing = {
  brightness: 0.5,
  contrast: 0.5,
  saturation: 0.5,
  warmth: 0.5,
  blur: 0.3,
  size: 0.5,
  edges: 0.5,
};

test("vectors are 768 wide, of length 1, the same again, and differ between pictures", async () => {
  const files = names.map(pictureFile);
  const vectors = await descriptor.encode(files);
  expect(vectors).toHaveLength(768 * names.length);
  expect(await descriptor.encode(files)).toEqual(vectors);
  for (const at of names.keys()) {
    expect(Math.hypot(...row(vectors, at, 768))).toBeCloseTo(1, 5);
    for (let other = 0; other < at; other++) {
      expect(cosine(row(vectors, at, 768), row(vectors, other, 768))).toBeLessThan(0.97);
    }
  }
});

test("black bars, JPEG quality, file format and size change little", async () => {
  const wide = await sharp(pictureFile("wide.jpg")).resize(640, 360).png().toBuffer();
  const framed = await sharp(wide).extend({ top: 60, bottom: 60, background: "black" }).png().toBuffer();
  const changed = await Promise.all([
    sharp(framed).jpeg({ quality: 90 }).toBuffer(),
    sharp(wide).jpeg({ quality: 60 }).toBuffer(),
    sharp(wide).webp({ quality: 90 }).toBuffer(),
    sharp(pictureFile("wide.jpg")).jpeg({ quality: 95 }).toBuffer(),
  ]);
  const vectors = await descriptor.encode([wide, ...changed]);
  for (const at of changed.keys())
    expect(cosine(row(vectors, at + 1, 768), row(vectors, 0, 768))).toBeGreaterThan(0.985);
  const small = await descriptor.encode([await sharp(framed).resize(120, 90).jpeg({ quality: 90 }).toBuffer()]);
  expect(cosine(small, row(vectors, 0, 768))).toBeGreaterThan(0.9);
});

test("a picture from its file, its bytes or its pixels is the same", async () => {
  const file = pictureFile("letterboxed.jpg");
  const decoded = await descriptor.decode(file);
  expect(await descriptor.encode([decoded])).toEqual(await descriptor.encode([file]));
  expect([decoded.width, decoded.height]).toEqual([640, 360]);
});

test.each([
  ["brightness", "brightness"],
  ["contrast", "contrast"],
  ["saturation", "saturation"],
  ["warmth", "warmth"],
  ["size", "subjectArea"],
  ["edges", "edges"],
] as const)("more %s gives a higher statistic %s", (factor, statistic) => {
  const values = [0.1, 0.35, 0.6, 0.85].map((value) => statistics(draw({ ...plain, [factor]: value }, 5))[statistic]);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect((values[3] as number) - (values[0] as number)).toBeGreaterThan(0.02);
});

test("blur lowers sharpness step by step, and contrast hardly touches it", () => {
  const sharpness = (drawing: Drawing) => statistics(draw(drawing, 5)).sharpnessFine;
  const values = [0, 0.1, 0.3, 0.6, 1].map((blur) => sharpness({ ...plain, blur }));
  expect(values).toEqual([...values].sort((a, b) => b - a));
  const sharpest = values[0] as number;
  const softest = values[4] as number;
  expect(sharpest - softest).toBeGreaterThan(1);
  expect(Math.abs(sharpness({ ...plain, blur: 0, contrast: 0.3 }) - sharpest)).toBeLessThan((sharpest - softest) / 4);
});

test("a linear model of descriptor differences recovers what pictures differ in, on pictures it never saw", async () => {
  const source = random("recover");
  const drawings = Array.from({ length: 340 }, () => {
    return Object.fromEntries(FACTORS.map((factor) => [factor, source.uniform()])) as unknown as Drawing;
  });
  const vectors = await descriptor.encode(drawings.map((drawing, seed) => draw(drawing, seed)));
  const neighbours = (from: number, to: number) => Array.from({ length: to - from - 1 }, (_, at) => from + at);
  const difference = (at: number) =>
    row(vectors, at, 768).map((value, k) => value - (vectors[(at + 1) * 768 + k] as number));
  const targets = (list: number[], factor: keyof Drawing) =>
    list.map((at) => (drawings[at] as Drawing)[factor] - (drawings[at + 1] as Drawing)[factor]);
  const seen = neighbours(0, 240);
  const unseen = neighbours(240, drawings.length);
  const weights = ridge(
    seen.map(difference),
    FACTORS.map((factor) => targets(seen, factor)),
    1e-2,
  );
  const differences = unseen.map(difference);
  FACTORS.forEach((factor, k) => {
    const predicted = differences.map((features) => dot(features, weights[k] as Float64Array));
    expect(correlation(predicted, targets(unseen, factor)), factor).toBeGreaterThan(0.8);
  });
});

test("revision 1 gives these numbers; a change of them is a new revision", async () => {
  const vector = await descriptor.encode([pictureFile("odd.png")]);
  const expected = [
    [0, 0.077624],
    [100, 0.003743],
    [247, -0.012614],
    [300, -0.016032],
    [400, -0.033973],
    [500, -0.011723],
    [660, -0.028043],
    [690, 0.041293],
    [740, -0.031205],
    [767, 0.455808],
  ] as const;
  for (const [at, value] of expected) expect(vector[at], `number ${at}`).toBeCloseTo(value, 5);
  expect(descriptor.identity).toMatchObject({ model: "descriptor", revision: "2", dimensions: 768 });
});
