import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { Pixels } from "../../lib/embedding";
import { withoutBlackBars } from "../../lib/embedding/black-bars";
import { decoded } from "./decoded";
import { fromFunction } from "./draw";
import { temporaryFolder } from "./folder";
import { pictureFile } from "./golden";

const jpeg = ({ data, width, height }: Pixels) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
const grey = (value: number) => [value / 255, value / 255, value / 255] as const;
const scene = (width: number, height: number, bars: (row: number) => boolean) =>
  fromFunction(width, height, (x, y) => (bars(y) ? [0.02, 0.02, 0.02] : [x / width, 0.4, y / height]));
const letterbox = (height: number) => (row: number) => row < height / 8 || row >= (height * 7) / 8;

test.each([
  [480, 360, 270],
  [640, 480, 360],
  [120, 90, 66],
])("a letterboxed picture of %d x %d is cropped to %d rows, from JPEG too", async (width, height, left) => {
  const framed = scene(width, height, letterbox(height));
  expect(withoutBlackBars(framed).height).toBe(left);
  expect([...withoutBlackBars(framed).data.subarray(0, 3)]).toEqual([
    ...framed.data.subarray(((height - left) / 2) * width * 3).subarray(0, 3),
  ]);
  expect((await decoded(await jpeg(framed))).height).toBe(left);
});

test.each([
  ["a 4:3 picture without bars", scene(480, 360, () => false)],
  ["a bar at the top alone", scene(480, 360, (row) => row < 45)],
  ["bars lower than an eighth", scene(480, 360, (row) => row < 30 || row >= 330)],
  ["a dark picture", scene(480, 360, () => true)],
  ["bars inside a 16:9 picture", scene(640, 360, letterbox(360))],
  ["a portrait with bars", scene(360, 480, letterbox(480))],
])("%s keeps its rows", (_, picture) => {
  expect(withoutBlackBars(picture)).toBe(picture);
});

test("wider bars than 16:9 needs are cropped to 16:9 and no further", () => {
  expect(withoutBlackBars(scene(480, 360, (row) => row < 80 || row >= 280)).height).toBe(270);
});

test("the placeholder of a removed video is refused; a grey, flat or dark picture is not one", async () => {
  const sign = (x: number, y: number) => Math.hypot(x - 60, y - 45) < 12;
  const placeholder = fromFunction(120, 90, (x, y) => grey(sign(x, y) ? 150 : 204));
  await expect(decoded(await jpeg(placeholder))).rejects.toMatchObject({ code: "PICTURE_PLACEHOLDER" });
  for (const other of [
    fromFunction(120, 90, (x) => grey(40 + x)),
    fromFunction(120, 90, () => grey(0)),
    fromFunction(120, 90, () => [0.9, 0.5, 0.5]),
    fromFunction(640, 360, (x, y) => grey(sign(x, y) ? 150 : 204)),
  ]) {
    expect((await decoded(await jpeg(other))).width).toBe(other.width);
  }
});

test("grey, transparent and palette pictures become RGB", async () => {
  const expected = await sharp(pictureFile("grey.jpg")).raw().toBuffer({ resolveWithObject: true });
  const { data } = await decoded(pictureFile("grey.jpg"));
  expect(data).toHaveLength(640 * 360 * 3);
  const every = expected.info.channels;
  for (const at of [0, 1000, 200_000]) {
    const value = expected.data[at * every];
    expect([...data.subarray(at * 3, at * 3 + 3)]).toEqual([value, value, value]);
  }
  const palette = await sharp(pictureFile("alpha.png")).png({ palette: true, colours: 16 }).toBuffer();
  expect(await decoded(palette)).toMatchObject({ width: 500, height: 281 });
  const clear = await sharp({
    create: { width: 20, height: 20, channels: 4, background: { r: 9, g: 80, b: 200, alpha: 0 } },
  });
  const rgb = await decoded(await clear.png().toBuffer());
  expect([...rgb.data.subarray(0, 3)]).toEqual([9, 80, 200]);
});

test("large JPEG pictures are decoded by whole factors, no smaller than asked", async () => {
  const widths = await Promise.all([undefined, 640, 320, 1000].map((keep) => decoded(pictureFile("wide.jpg"), keep)));
  expect(widths.map(({ width, height }) => [width, height])).toEqual([
    [1280, 720],
    [640, 360],
    [320, 180],
    [1280, 720],
  ]);
});

test("missing, broken, cut, tiny and huge pictures are refused with a code and the path", async () => {
  const folder = await temporaryFolder();
  const whole = await readFile(pictureFile("odd.png"));
  const huge = Buffer.from(whole);
  huge.writeUInt32BE(30_000, 16);
  huge.writeUInt32BE(30_000, 20);
  huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
  const wide = await readFile(pictureFile("wide.jpg"));
  const cases = {
    "text.jpg": [Buffer.from("<html>no picture</html>"), "PICTURE_FORMAT"],
    "empty.jpg": [Buffer.alloc(0), "PICTURE_BROKEN"],
    "cut.jpg": [wide.subarray(0, 50_000), "PICTURE_BROKEN"],
    "cut.png": [whole.subarray(0, 4000), "PICTURE_BROKEN"],
    "tiny.png": [await sharp(whole).resize(15, 15).png().toBuffer(), "PICTURE_SIZE"],
    "huge.png": [huge, "PICTURE_SIZE"],
  } as const;
  for (const [name, [bytes, code]] of Object.entries(cases)) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    await expect(decoded(path), name).rejects.toMatchObject({ code, picture: path });
  }
  await expect(decoded(join(folder, "none.jpg"))).rejects.toMatchObject({ code: "PICTURE_MISSING" });
});
