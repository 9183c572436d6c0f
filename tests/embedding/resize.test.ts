import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { random } from "../../lib/base";
import { bicubic, bilinear, resize } from "../../lib/embedding/resize/resize";
import type { Pixels } from "../../lib/thumbnails";
import { makePasses } from "../../scripts/resize/passes";
import { textOf } from "../house/files";
import { decoded } from "./decoded";
import { golden, pictureFile } from "./golden";

const filters = { bicubic, bilinear };

test.each(golden.resizings)("resizing 250x251 to $width x $height ($filter) gives Pillow's bytes", async (expected) => {
  const picture = await decoded(pictureFile("odd.png"));
  const { data } = resize(picture, expected.width, expected.height, filters[expected.filter]);
  expect(createHash("sha256").update(data).digest("hex")).toBe(expected.sha256);
});

test("a flat picture stays flat at any size", () => {
  const flat = { data: new Uint8Array(40 * 30 * 3).fill(77), width: 40, height: 30 };
  for (const filter of Object.values(filters)) {
    expect(new Set(resize(flat, 13, 57, filter).data)).toEqual(new Set([77]));
  }
});

test.each([
  { width: 320, height: 180, part: { left: 17, top: 5, width: 40, height: 100 } },
  { width: 250, height: 400, part: { left: 10, top: 0, width: 250 - 10, height: 400 } },
  { width: 400, height: 251, part: { left: 75, top: 0, width: 250, height: 251 } },
  { width: 500, height: 500, part: { left: 0, top: 249, width: 500, height: 251 } },
])("a part of 250x251 at $width x $height is that part of the whole", async ({ width, height, part }) => {
  const picture = await decoded(pictureFile("odd.png"));
  const whole = resize(picture, width, height, bicubic).data;
  const lines = Array.from({ length: part.height }, (_, line) => {
    const from = ((part.top + line) * width + part.left) * 3;
    return [...whole.subarray(from, from + part.width * 3)];
  });
  const given = resize(picture, width, height, bicubic, part);
  expect([given.width, given.height]).toEqual([part.width, part.height]);
  expect([...given.data]).toEqual(lines.flat());
});

test("the passes are those of passes.wat (npm run resize-passes makes them again)", async () => {
  const folder = "lib/embedding/resize";
  expect(textOf(`${folder}/passes-wasm.ts`)).toBe(await makePasses(textOf(`${folder}/passes.wat`)));
});

test("wide and high pictures, which are resized a stretch at a time, are those of the plain sums", () => {
  const noise = random(3, "resize");
  const sizes = [
    { from: [1500, 301], to: [37, 190] },
    { from: [17, 2000], to: [40, 333] },
    { from: [2600, 8], to: [2599, 9] },
  ] as const;
  for (const { from, to } of sizes) {
    const [width, height] = from;
    const picture = { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => noise.integer(256)) };
    const [columns, rows] = to;
    const across = resize(picture, columns, height, bicubic);
    expect(firstDifference(across, plainAcross(picture, columns))).toBe(-1);
    const turned = plainAcross(transposed(across), rows);
    expect(firstDifference(resize(picture, columns, rows, bicubic), transposed(turned))).toBe(-1);
  }
});

const firstDifference = (a: Pixels, b: Pixels) => a.data.findIndex((byte, i) => byte !== b.data[i]);

function transposed({ width, height, data }: Pixels): Pixels {
  const turned = new Uint8Array(data.length);
  for (let i = 0; i < width * height; i++)
    turned.set(data.subarray(i * 3, i * 3 + 3), ((i % width) * height + Math.floor(i / width)) * 3);
  return { width: height, height: width, data: turned };
}

/** Pillow's horizontal pass, one sum after another. */
function plainAcross({ width, height, data }: Pixels, columns: number): Pixels {
  const scale = width / columns;
  const stretch = Math.max(scale, 1);
  const result = new Uint8ClampedArray(columns * height * 3);
  for (let column = 0; column < columns; column++) {
    const centre = (column + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - 2 * stretch + 0.5));
    const to = Math.min(width, Math.trunc(centre + 2 * stretch + 0.5));
    const raw = Array.from({ length: to - from }, (_, i) => bicubic.at((from + i - centre + 0.5) * (1 / stretch)));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    const weights = raw.map((weight) => Math.trunc((weight / sum) * 2 ** 22 + Math.sign(weight) * 0.5));
    for (let row = 0; row < height; row++) {
      for (let channel = 0; channel < 3; channel++) {
        const values = weights.map((weight, i) => weight * data[(row * width + from + i) * 3 + channel]!);
        result[(row * columns + column) * 3 + channel] = (2 ** 21 + values.reduce((a, b) => a + b, 0)) >> 22;
      }
    }
  }
  return { width: columns, height, data: new Uint8Array(result) };
}
