import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { bicubic, bilinear, resize } from "../../lib/embedding/resize";
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
