import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { openEncoders } from "../../lib/deployment/encoders";
import {
  EncoderPool,
  GEOMETRIES,
  GeometryUnsupported,
  geometryOf,
  identityHash,
  openImageEncoder,
  type Pixels,
} from "../../lib/embedding";
import { fitPixels, type SquareGeometry, squaresOf } from "../../lib/embedding/geometry";
import { cosine, golden, HUB, pictureFile } from "./golden";

const Cases = z.object({
  cases: z.array(
    z.object({
      width: z.number(),
      height: z.number(),
      geometry: z.enum(["crop", "squash", "letterbox", "crops"]),
      sha256: z.array(z.string()),
    }),
  ),
});
const { cases } = Cases.parse(JSON.parse(readFileSync(join(__dirname, "../golden/embedding/geometry.json"), "utf8")));
const SQUARES = ["crop", "squash", "letterbox", "crops"] as const satisfies readonly SquareGeometry[];
const ENCODERS = [
  ...["full", ...SQUARES].map((geometry) => ["descriptor", geometry] as const),
  ...SQUARES.map((geometry) => ["clip-vit-l-14", geometry] as const),
].map(([name, geometry]) => ({ name, geometry: z.enum(GEOMETRIES).parse(geometry) }));

/** The picture that make_geometry.py draws. */
function drawn(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) data.set([x * 7 + y * 3, x * y, (x * 2) ^ (y * 5)], at);
  return { data, width, height };
}

const sha256 = ({ data }: Pixels) => createHash("sha256").update(data).digest("hex");

test.each(cases)("$geometry of $width x $height equals Pillow's, to the bit, also when fitted first", (one) => {
  const pixels = drawn(one.width, one.height);
  expect(squaresOf(pixels, one.geometry).map(sha256)).toEqual(one.sha256);
  expect(squaresOf(fitPixels(pixels, one.geometry), one.geometry).map(sha256)).toEqual(one.sha256);
});

test("identities of earlier embeddings are unchanged, and every geometry has its own", async () => {
  const open = async (name: string, options = {}) => {
    const encoder = await openImageEncoder(name, { modelDir: HUB, ...options });
    await encoder.close();
    return encoder.identity;
  };
  expect((await open("descriptor")).preprocessing).toBe("upright, no-black-bars, bilinear 320x180");
  expect((await open("clip-vit-l-14")).preprocessing).toBe(
    "upright, no-black-bars, pillow-bicubic 224, centre crop, clip mean and deviation",
  );
  const identities = await Promise.all(ENCODERS.map(({ name, geometry }) => open(name, { geometry })));
  expect(new Set(identities.map(identityHash)).size).toBe(ENCODERS.length);
  expect(identities.map(({ preprocessing }) => geometryOf(preprocessing))).toEqual(
    ENCODERS.map(({ geometry }) => geometry),
  );
  expect(await open("descriptor", { geometry: "full" })).toEqual(await open("descriptor"));
  expect(await open("clip-vit-l-14", { geometry: "crop" })).toEqual(await open("clip-vit-l-14"));
  await expect(openImageEncoder("clip-vit-l-14", { modelDir: HUB, geometry: "full" })).rejects.toThrow(
    GeometryUnsupported,
  );
});

test.each(ENCODERS)(
  "$name $geometry: reopened by its preprocessing, in threads and as a model's, it is the same",
  async ({ name, geometry }) => {
    const files = Object.keys(golden.pictures).slice(0, 4).map(pictureFile);
    const asked = await openImageEncoder(name, { modelDir: HUB, geometry });
    const expected = await asked.encode(files);
    const { dimensions, preprocessing } = asked.identity;
    const text = { kind: "text", model: "title-hash" } as const;
    const titles = (await import("../../lib/embedding")).openTextEncoder(text.model);
    const card = { encoders: { image: asked.identity, text: (await titles).identity } };
    await asked.close();

    const opened = await openEncoders(card as Parameters<typeof openEncoders>[0], { modelDir: HUB });
    expect(opened.image.identity).toEqual(asked.identity);
    expect(await opened.image.encode(files)).toEqual(expected);
    const decoded = await Promise.all(files.map((file) => opened.image.decode(file)));
    expect(await opened.image.encode(decoded)).toEqual(expected);
    const pool = new EncoderPool(await openImageEncoder(name, { modelDir: HUB, preprocessing }), { threads: 2 });
    const prepared = await Promise.all(files.map((file) => pool.prepare(file)));
    const pooled = await pool.encode(prepared);
    await pool.close();
    expect(pooled).toEqual(expected);
    for (let at = 0; at < expected.length; at += dimensions) {
      const row = expected.subarray(at, at + dimensions);
      expect(row.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4);
    }
  },
);

test("only the middle square does not see what changes at the edges", async () => {
  const left = drawn(640, 360);
  const changed = { ...left, data: left.data.slice() };
  for (let y = 0; y < 360; y++) changed.data.fill(255, y * 640 * 3, (y * 640 + 130) * 3);
  const similarity = async (geometry: (typeof GEOMETRIES)[number]) => {
    const encoder = await openImageEncoder("descriptor", { geometry });
    const vectors = await encoder.encode([left, changed]);
    return cosine(vectors.subarray(0, 768), vectors.subarray(768));
  };
  expect(await similarity("crop")).toBeGreaterThan(0.9999);
  for (const geometry of ["squash", "letterbox", "crops", "full"] as const)
    expect(await similarity(geometry)).toBeLessThan(0.99);
});
