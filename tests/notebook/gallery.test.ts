import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DISPLAY, type Displayable, gallery, pairGallery, thumbnailMap } from "../../lib/notebook";

let folder: string;
let picture: string;
let broken: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gallery-"));
  [picture, broken] = [join(folder, "noise.jpg"), join(folder, "broken.jpg")];
  await writeFile(picture, await noise());
  await writeFile(broken, "no picture");
});
afterAll(() => rm(folder, { recursive: true }));

/** The hardest picture to compress. */
function noise(): Promise<Buffer> {
  const bytes = Buffer.from(
    Array.from({ length: 1280 * 720 * 3 }, (_, at) => (Math.imul(at, 2654435761) >>> 24) & 255),
  );
  return sharp(bytes, { raw: { width: 1280, height: 720, channels: 3 } })
    .jpeg()
    .toBuffer();
}

const htmlOf = (shown: Displayable) => String(shown[DISPLAY]()["text/html"]);
const textOf = (shown: Displayable) => String(shown[DISPLAY]()["text/plain"]);
const uris = (shown: Displayable) => [...htmlOf(shown).matchAll(/src="data:image\/webp;base64,([^"]*)"/g)];

test("pictures are shrunk, with their text, caption and badge", async () => {
  const items = [{ picture, title: "One", caption: "7 views", badge: "best", tone: "good" as const }];
  const shown = await gallery(items, { width: 200, caption: "Best" });
  const [[, base64]] = uris(shown) as unknown as [[string, string]];
  expect((await sharp(Buffer.from(base64, "base64")).metadata()).width).toBe(300);
  expect(htmlOf(shown)).toContain('alt="One"');
  expect(textOf(shown)).toBe("Best\n[picture] best · One · 7 views");
});

test("a picture that cannot be read leaves its reason in its place, and the others stay", async () => {
  const gone = { picture: join(folder, "gone.jpg"), title: "gone" };
  const items = [
    { picture, title: "a" },
    gone,
    { picture: broken, title: "b" },
    { picture: new Uint8Array(), title: "c" },
  ];
  const shown = await gallery(items);
  expect(uris(shown)).toHaveLength(1);
  expect([...htmlOf(shown).matchAll(/no picture: ([^<]*)</g)].map(([, reason]) => reason)).toEqual([
    "gone.jpg is missing",
    expect.stringContaining("not a JPEG, PNG or WebP picture"),
    "the video has none",
  ]);
  expect(htmlOf(shown)).not.toContain(folder);
});

test("pairs show the winner first", async () => {
  const pair = { winner: { picture, title: "W" }, loser: { picture: broken, title: "L" }, caption: "margin 0.5" };
  const shown = await pairGallery([pair]);
  expect(textOf(shown)).toBe("margin 0.5\n[picture] W\n[picture] L");
  expect(htmlOf(shown)).toMatch(/margin 0.5.*winner.*>W<.*loser.*>L</s);
});

test("a map stays light, says what it leaves out, and runs no script", async () => {
  const points = Array.from({ length: 3200 }, (_, at) => ({
    x: at,
    y: -at,
    picture,
    label: `video ${at}`,
    group: `g${at % 2}`,
  }));
  const shown = await thumbnailMap(points, { limit: 30 });
  expect(uris(shown)).toHaveLength(30);
  expect(textOf(shown)).toBe("[map] untitled: 3,000 of 3,200 drawn; 30, the larger ones, have a picture");
  expect(htmlOf(shown)).not.toContain("<script");
  const each = uris(shown).reduce((sum, [, base64]) => sum + (base64 ?? "").length, 0) / 30;
  expect(each * 300).toBeLessThan(1_500_000);
});

test("a point that lies nowhere is left out; one alone lies in the middle", async () => {
  const shown = await thumbnailMap([
    { x: 1, y: 1, picture: broken, label: "here" },
    { x: Number.NaN, y: 1, picture, label: "nowhere" },
  ]);
  expect(htmlOf(shown)).toContain("left:50.00%;top:50.00%");
  expect(htmlOf(shown)).not.toContain("nowhere");
});
