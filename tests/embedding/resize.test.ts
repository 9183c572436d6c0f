import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { decodePicture } from "../../lib/embedding/decode";
import { bicubic, bilinear, resize } from "../../lib/embedding/resize";
import { golden, pictureFile } from "./golden";

const filters = { bicubic, bilinear };

test.each(golden.resizings)("resizing 250x251 to $width x $height ($filter) gives Pillow's bytes", async (expected) => {
  const picture = await decodePicture(pictureFile("odd.png"));
  const { data } = resize(picture, expected.width, expected.height, filters[expected.filter]);
  expect(createHash("sha256").update(data).digest("hex")).toBe(expected.sha256);
});

test("a flat picture stays flat at any size", () => {
  const flat = { data: new Uint8Array(40 * 30 * 3).fill(77), width: 40, height: 30 };
  for (const filter of Object.values(filters)) {
    expect(new Set(resize(flat, 13, 57, filter).data)).toEqual(new Set([77]));
  }
});
