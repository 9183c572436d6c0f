import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { openEncoders } from "../../lib/deployment/encoders";
import {
  EncoderPool,
  GEOMETRIES,
  type Geometry,
  geometryOf,
  identityHash,
  openImageEncoder,
  type Pixels,
  VisionTower,
} from "../../lib/embedding";
import { towerInput } from "../../lib/embedding/vision/input";
import { type Engine, openEngine } from "../../lib/engine";
import { openVisionFolder, saveVisionFolder, squareInput, type VisionInput } from "../../lib/model";
import { temporaryFolder } from "./folder";
import { cosine, pictureFile } from "./golden";

const CLIP = join(__dirname, "..", "golden", "clip");
const FOLDER = join(CLIP, "vision");
const Found = z.object({ size: z.tuple([z.number(), z.number()]), vector: z.array(z.number()).length(12) });
const Files = z.record(z.string(), z.record(z.string(), z.array(z.number()).length(12)));
/** What transformers' image processor and model make of the drawn picture (make_pictures.py). */
const golden = z
  .object({ crop: Found, squash: Found, wide: Found, full: Found, files: z.object({ vision: Files, whole: Files }) })
  .parse(JSON.parse(readFileSync(join(CLIP, "pictures.json"), "utf8")));
const AS_PYTHON = ["crop", "squash", "wide", "full"] as const;

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await temporaryFolder();
  engine = await openEngine();
});
afterAll(() => engine.dispose());

function drawn(width = 640, height = 360): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) data.set([x * 7 + y * 3, x * y, (x * 2) ^ (y * 5)], at);
  return { data, width, height };
}

const png = ({ data, width, height }: Pixels) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();

async function encode(path: string, geometry: (typeof GEOMETRIES)[number] | undefined, pictures: (Pixels | Buffer)[]) {
  const encoder = await openImageEncoder(path, geometry === undefined ? {} : { geometry });
  try {
    return { vectors: await encoder.encode(pictures), identity: encoder.identity };
  } finally {
    await encoder.close();
  }
}

test.each(AS_PYTHON)("%s: a picture's vector is that of transformers' processor and model", async (geometry) => {
  const { vectors, identity } = await encode(FOLDER, geometry, [await png(drawn())]);
  for (const [i, value] of golden[geometry].vector.entries()) expect(vectors[i]).toBeCloseTo(value, 4);
  const [height, width] = golden[geometry].size;
  expect(identity.preprocessing).toContain(`${width}x${height}`);
  expect(identity).toMatchObject({ kind: "image", model: "vision", dimensions: 12 });
});

const TOWERS = (["vision", "whole"] as const).flatMap((tower) => AS_PYTHON.map((geometry) => ({ tower, geometry })));

test.each(TOWERS)("$tower, $geometry: so are those of stored pictures, together and alone", async (one) => {
  const expected = Object.entries(golden.files[one.tower][one.geometry] ?? {});
  expect(expected).toHaveLength(5);
  const encoder = await openImageEncoder(join(CLIP, one.tower), { geometry: one.geometry });
  const together = await encoder.encode(expected.map(([name]) => pictureFile(name)));
  for (const [row, [name, vector]] of expected.entries()) {
    const alone = await encoder.encode([pictureFile(name)]);
    for (const [i, value] of vector.entries()) {
      expect(Math.abs((together[row * 12 + i] ?? Number.NaN) - value), name).toBeLessThan(1e-4);
      expect(Math.abs((alone[i] ?? Number.NaN) - value), name).toBeLessThan(1e-4);
    }
  }
  await encoder.close();
});

test("threads decode for a tower, which then gives the same vectors", async () => {
  const file = pictureFile("letterboxed.jpg");
  for (const geometry of GEOMETRIES) {
    const pool = new EncoderPool(await openImageEncoder(FOLDER, { geometry }), { threads: 2 });
    const alone = await encode(FOLDER, geometry, [await readFile(file)]);
    const pixels = await pool.decode(file);
    expect(await pool.encode([pixels])).toEqual(alone.vectors);
    await pool.close();
  }
});

test.each([
  [224, 32, { wide: [5, 9], full: [8, 14] }],
  [336, 14, { wide: [18, 31], full: [27, 48] }],
  [32, 32, { wide: [1, 1], full: [1, 2] }],
])("inputs of a tower of %i pixels and patches of %i", async (imageSize, patchSize, expected) => {
  const tower = await openVisionFolder(FOLDER);
  const config = { ...tower.config, imageSize, patchSize };
  for (const [geometry, [rows, columns]] of Object.entries(expected)) {
    const opened = towerInput("any", { config, input: squareInput(config) }, { geometry: geometry as Geometry });
    expect(opened.grid).toEqual({ rows, columns });
    expect(opened.fit(drawn())).toMatchObject({ width: (columns ?? 0) * patchSize, height: (rows ?? 0) * patchSize });
  }
  await tower.close();
});

test("a folder's own middle square may be larger than the tower's", async () => {
  const tower = await openVisionFolder(FOLDER);
  const { config } = tower;
  const input = { ...squareInput(config), width: 48, height: 48 };
  const opened = towerInput("any", { config, input }, {});
  expect(opened).toMatchObject({ geometry: "crop", width: 48, grid: { rows: 24, columns: 24 } });
  expect(opened.fit(drawn())).toMatchObject({ width: 48, height: 48 });
  expect(towerInput("any", { config, input }, { geometry: "full" }).grid).toEqual({ rows: 27, columns: 48 });
  await tower.close();
});

test("where products are bfloat16, frozen weights are too, and vectors are nearly the same", async () => {
  const rough = await openEngine({ precision: "bfloat16" });
  const pictures = [drawn(), drawn(320, 180)];
  const [one, other] = await Promise.all(
    [rough, engine].map(async (on) => {
      const tower = await VisionTower.open(on, FOLDER, { model: "vision", geometry: "wide" });
      const vectors = await tower.embed(pictures.map((pixels) => tower.input.fit(pixels)));
      tower.dispose();
      return vectors;
    }),
  );
  rough.dispose();
  expect(cosine(one ?? [], other ?? [])).toBeGreaterThan(0.999);
  expect(one).not.toEqual(other);
});

test("a large CLIP's inputs are those of the issue's arithmetic", async () => {
  const tower = await openVisionFolder(FOLDER);
  const config = { ...tower.config, imageSize: 224, patchSize: 14 };
  const large = { config, input: squareInput(config) };
  const input = (geometry: Geometry) => towerInput("large", large, { geometry });
  expect(input("wide")).toMatchObject({ width: 294, height: 168, grid: { rows: 12, columns: 21 } });
  expect(input("full")).toMatchObject({ width: 448, height: 252, grid: { rows: 18, columns: 32 } });
  expect(input("crops").pieces(drawn())).toHaveLength(3);
  await tower.close();
});

test("every geometry has vectors and an identity of its own, which opens it again", async () => {
  const picture = await png(drawn());
  const opened = await Promise.all(GEOMETRIES.map((geometry) => encode(FOLDER, geometry, [picture])));
  expect(new Set(opened.map(({ identity }) => identityHash(identity))).size).toBe(GEOMETRIES.length);
  expect(opened.map(({ identity }) => geometryOf(identity.preprocessing))).toEqual([...GEOMETRIES]);
  for (const [i, { vectors, identity }] of opened.entries()) {
    for (const other of opened.slice(0, i)) expect(cosine(vectors, other.vectors)).toBeLessThan(0.999999);
    const { openTitleHash } = await import("../../lib/embedding");
    const card = { encoders: { image: identity, text: openTitleHash().identity } };
    const again = await openEncoders(card as Parameters<typeof openEncoders>[0], { modelDir: CLIP });
    expect(await again.image.encode([picture])).toEqual(vectors);
    const kept = await again.image.decode(picture);
    expect(await again.image.encode([kept])).toEqual(vectors);
    await again.image.close();
  }
});

test("a picture has the same vector in a batch of any size", async () => {
  const pictures = await Promise.all(Array.from({ length: 21 }, (_, i) => png(drawn(320 + 8 * i, 180))));
  const together = await encode(FOLDER, "wide", pictures);
  const { vectors } = await encode(FOLDER, "wide", pictures.slice(19, 20));
  for (const [i, value] of vectors.entries()) expect(together.vectors[19 * 12 + i]).toBeCloseTo(value, 5);
});

test("only the middle square does not see what changes at the edges", async () => {
  const left = drawn();
  const changed = { ...left, data: left.data.slice() };
  for (let y = 0; y < 360; y++) changed.data.fill(255, y * 640 * 3, (y * 640 + 130) * 3);
  for (const geometry of GEOMETRIES) {
    const { vectors } = await encode(FOLDER, geometry, [await png(left), await png(changed)]);
    const similarity = cosine(vectors.subarray(0, 12), vectors.subarray(12));
    // The tower is tiny and random: nothing moves its vectors far.
    if (geometry === "crop") expect(similarity).toBeGreaterThan(0.999999);
    else expect(similarity, geometry).toBeLessThan(0.9999);
  }
});

test("a tower that was saved with the input it was tuned in opens in that, and other weights are another encoder", async () => {
  const source = await openVisionFolder(FOLDER);
  const saved = join(folder, "tuned");
  const input: VisionInput = { ...source.input, width: 42, height: 24, fit: "stretch" };
  await saveVisionFolder(saved, { config: source.config, input }, (name) => source.read(name));
  const picture = await png(drawn());
  const wide = await encode(FOLDER, "wide", [picture]);
  const tuned = await encode(saved, undefined, [picture]);
  expect(geometryOf(tuned.identity.preprocessing)).toBe("wide");
  expect(tuned.vectors).toEqual(wide.vectors);
  const before = tuned.identity.revision;
  const changed = async (name: string) => {
    const { shape, values } = await source.read(name);
    return { shape, values: name === "visual_projection.weight" ? values.map((value) => value * 1.01) : values };
  };
  await saveVisionFolder(saved, { config: source.config, input }, changed);
  await source.close();
  expect((await encode(saved, undefined, [picture])).identity.revision).not.toBe(before);
});

test("hidden states before a block, run on from there, are the whole tower", async () => {
  const { poolAndProject, runBlocks } = await import("../../lib/model");
  const tower = await VisionTower.open(engine, FOLDER, { model: "vision", geometry: "wide" });
  const pictures = [drawn(), drawn(320, 180)].map((pixels) => tower.input.fit(pixels));
  const states = await tower.hidden(pictures, 2);
  expect(states).toHaveLength(2 * tower.hiddenSize);
  const rest = engine.jit(
    (hidden) => {
      const last = runBlocks(tower.parameters, tower.config, hidden as never, { batch: 2, from: 2, to: 3 });
      return [poolAndProject(tower.parameters, tower.config, last, 2)];
    },
    { shape: [states.length / tower.config.width, tower.config.width] },
  );
  const [rows = new Float32Array()] = await rest(states);
  const vectors = await tower.embed(pictures);
  expect(cosine(rows.subarray(0, 12), vectors.subarray(0, 12))).toBeCloseTo(1, 6);
  expect(cosine(rows.subarray(12), vectors.subarray(12))).toBeCloseTo(1, 6);
  tower.dispose();
});

test.each([
  ["an input of no whole number of patches", "MODEL_VISION_FOLDER", "preprocessor_config.json", '{ "size": 33 }'],
  ["a preprocessor that is none", "MODEL_VISION_FOLDER", "preprocessor_config.json", '{ "size": "large" }'],
  ["weights that are cut short", "SAFETENSORS_INVALID", "model.safetensors", undefined],
])("a folder with %s is refused", async (_, code, file, text) => {
  const hostile = await temporaryFolder();
  cpSync(FOLDER, hostile, { recursive: true });
  writeFileSync(join(hostile, file), text ?? readFileSync(join(hostile, file)).subarray(0, -7));
  await expect(openImageEncoder(hostile)).rejects.toMatchObject({ code });
});

test("folders without a tower are refused with a code, and so is a model's name that is a path", async () => {
  await expect(openImageEncoder(`${folder}/absent`)).rejects.toMatchObject({ code: "MODEL_VISION_FOLDER" });
  const broken = join(folder, "broken");
  cpSync(FOLDER, broken, { recursive: true });
  writeFileSync(join(broken, "config.json"), "{");
  await expect(openImageEncoder(broken)).rejects.toMatchObject({ code: "MODEL_VISION_FOLDER" });
  rmSync(join(broken, "config.json"));
  await expect(openImageEncoder("broken", { modelDir: folder })).rejects.toMatchObject({
    code: "EMBEDDING_ENCODER_UNKNOWN",
    next: expect.stringContaining(
      "of a CLIP vision tower's own folder, name that, or with --model-dir the one it is in",
    ),
  });
  const { openTitleHash } = await import("../../lib/embedding");
  const { identity } = await encode(FOLDER, "crop", []);
  const card = { encoders: { image: { ...identity, model: FOLDER }, text: openTitleHash().identity } };
  await expect(openEncoders(card as Parameters<typeof openEncoders>[0])).rejects.toMatchObject({
    code: "EMBEDDING_ENCODER_UNKNOWN",
  });
});
