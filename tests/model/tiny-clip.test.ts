import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { finish, random } from "../../lib/base";
import { openEngine } from "../../lib/engine";
import { openVisionFolder, squareInput, type VisionConfig } from "../../lib/model";
import type { Pixels } from "../../lib/thumbnails";
import { drawExamples, type Example, squaresOf } from "../../scripts/tiny-clip/examples";
import { TINY, TinyClip } from "../../scripts/tiny-clip/pretrain";
import { temporaryFolder } from "../embedding/folder";
import { hasTensorFlow } from "../engine/available";

/** Smaller still, so that it is trained in seconds. */
const CONFIG: VisionConfig = { ...TINY, imageSize: 32, width: 32, blocks: 2, heads: 2, inner: 64, projection: 32 };
const world = { videosPerChannel: 4, edgeShare: 0.5 };
let seen: Example[];
let unseen: Example[];
beforeAll(async () => {
  seen = await finish(drawExamples({ ...world, seed: 11, channels: 72 }, CONFIG.imageSize, "draw"));
  unseen = await finish(drawExamples({ ...world, seed: 12, channels: 12 }, CONFIG.imageSize, "draw"));
}, 120_000);

test("a caption's words tell what is drawn, and a square is a part of the picture", () => {
  const example = unseen[0] as Example;
  const { caption, sizes } = example;
  expect(caption).toEqual(expect.arrayContaining([expect.stringMatching(/^(left|right)$/)]));
  expect(
    caption.filter((word) => /^(contrast|saturation|subjectSize|sharpness|clutter|face|words)-[0-7]$/.test(word)),
  ).toHaveLength(7);
  expect(sizes.map(({ width, height }) => [width, height])).toEqual([
    [56, 32],
    [42, 24],
    [71, 40],
  ]);
  const byteOf = (value: number | undefined) => Math.round(255 * ((value ?? Number.NaN) * 0.26862954 + 0.48145466));
  const [whole, small] = sizes as [Pixels, Pixels];
  // The second row's second pixel, 12 columns from the left.
  expect(byteOf(squaresOf([example], 32)[33])).toBe(whole.data[(56 + 12 + 1) * 3]);
  // A smaller picture lies somewhere within the square, on CLIP's mean colour.
  const square = squaresOf([{ caption, sizes: [small] }], 32, random("squares"));
  const red = Array.from({ length: 32 }, (_, y) => [...square.subarray(y * 32, (y + 1) * 32)]);
  const filled = red.filter((row) => row.some((value) => value !== 0));
  expect(filled).toHaveLength(24);
  const rows = Array.from({ length: 24 }, (_, y) =>
    Array.from({ length: 42 }, (__, x) => small.data[(y * 42 + x) * 3]),
  );
  const left = Array.from({ length: 11 }, (_, x) => x).filter((x) =>
    filled.every((row, y) => row.every((value, column) => byteOf(value) === rows[y]?.[x + column])),
  );
  expect(left).toHaveLength(1);
});

describe.skipIf(!hasTensorFlow)("the tiny CLIP (needs TensorFlow's library)", () => {
  test("training lowers the loss, and the captions of pictures of other channels are found far more often than by chance", async () => {
    const engine = await openEngine();
    const clip = new TinyClip(engine, seen, 0, CONFIG);
    const before = await clip.retrieval(unseen);
    const losses = await finish(clip.train(seen, { seed: 0, steps: 400, batchSize: 48 }));
    const after = await clip.retrieval(unseen);
    engine.dispose();
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(losses[0]).toBeGreaterThan(Math.log(48) - 0.5);
    expect(mean(losses.slice(-10))).toBeLessThan(Math.log(48) - 1.5);
    expect(before).toBeLessThan(0.15);
    expect(after).toBeGreaterThan(8 / unseen.length);
  }, 120_000);

  test("the same seed gives the same bytes, another seed others, and the folder opens as a vision tower", async () => {
    const weights = async (seed: number) => {
      const folder = await temporaryFolder();
      const engine = await openEngine();
      const clip = new TinyClip(engine, seen, seed, CONFIG);
      await finish(clip.train(seen, { seed, steps: 3, batchSize: 8 }));
      await clip.save(folder);
      engine.dispose();
      return folder;
    };
    const [one, same, other] = [await weights(1), await weights(1), await weights(2)];
    const bytes = (folder: string) => readFile(join(folder, "model.safetensors"));
    expect((await bytes(one)).equals(await bytes(same))).toBe(true);
    expect((await bytes(one)).equals(await bytes(other))).toBe(false);
    const tower = await openVisionFolder(one);
    expect([tower.config, tower.input]).toEqual([CONFIG, squareInput(CONFIG)]);
    await tower.close();
  }, 120_000);
});
