import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { at } from "../../lib/base";
import { random } from "../../lib/base/random";
import { type Encoders, explain, type LoadedModel, rank } from "../../lib/deployment";
import { occlude } from "../../lib/deployment/explain";
import { openImageEncoder, openTextEncoder, type Pixels } from "../../lib/embedding";
import { trainedModel } from "./trained";

const ROWS = 5;
const COLUMNS = 8;
const WIDTH = 320;
const HEIGHT = 180;

let model: Pick<LoadedModel, "card" | "version" | "offsets" | "predict" | "close">;
let encoders: Encoders;
let pixels: Pixels;
let png: Buffer;

/** A model whose score is the first number of the picture's vector: easy to recompute. */
beforeAll(async () => {
  const { name, config, identities, calibration, percentiles, metrics, dataHash } = await trainedModel();
  const card = {
    format: "thumbrank-model-1" as const,
    name,
    config,
    encoders: identities,
    calibration,
    percentiles,
    metrics,
    dataHash,
    meaning: {},
  };
  const first = (embeddings: Float32Array) =>
    Float32Array.from({ length: embeddings.length / 1152 }, (_, row) => at(embeddings, row * 1152));
  model = {
    card,
    version: 1,
    offsets: new Map(),
    predict: async (embeddings) => {
      const scores = first(embeddings);
      return { scores, ctr: scores, auxiliary: new Float32Array(6 * scores.length) };
    },
    close: async () => {},
  };
  encoders = { image: await openImageEncoder("descriptor"), text: await openTextEncoder("title-hash") };
  const source = random("explained");
  const data = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, () => source.integer(256));
  pixels = { data, width: WIDTH, height: HEIGHT };
  png = await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
});

test("each region is filled with the mean colour, and nothing else changes", () => {
  const parts = occlude(pixels, ROWS, COLUMNS);
  expect(parts).toHaveLength(ROWS * COLUMNS);
  const mean = [0, 1, 2].map((channel) => {
    const own = pixels.data.filter((_, i) => i % 3 === channel);
    return Math.round(own.reduce((sum, value) => sum + value, 0) / own.length);
  });
  const { data } = at(parts, COLUMNS + 2);
  for (let i = 0; i < data.length; i++) {
    const y = Math.floor(i / 3 / WIDTH);
    const x = Math.floor(i / 3) % WIDTH;
    const isInside = y >= 36 && y < 72 && x >= 80 && x < 120;
    expect(data[i]).toBe(isInside ? mean[i % 3] : pixels.data[i]);
  }
});

test("what a region moves is the score of the picture without it, minus the picture's", async () => {
  const picture = { image: "a.png", source: png, title: "A title" };
  const { rows, columns, moved } = await explain({ model, encoders, picture });
  expect([rows, columns, moved.length, moved[0]?.length]).toEqual([ROWS, COLUMNS, ROWS, COLUMNS]);
  const part = at(occlude(pixels, ROWS, COLUMNS), 3 * COLUMNS + 5);
  const without = await sharp(part.data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
  const { ranking } = await rank({
    model,
    encoders,
    images: [picture, { image: "without.png", source: without, title: "A title" }],
  });
  const scoreOf = (index: number) => ranking.find((row) => row.index === index)?.score ?? Number.NaN;
  expect(moved[3]?.[5]).toBeCloseTo(scoreOf(1) - scoreOf(0), 6);
  expect(moved.flat().some((value) => Math.abs(value) > 1e-6)).toBe(true);
});
