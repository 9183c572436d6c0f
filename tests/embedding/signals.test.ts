import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { measureSignals, type ThumbnailSignals } from "../../lib/embedding";
import { picturePath, type Thumbnail } from "../../lib/store";

let root: string;
let paths: { embeddings: string; thumbnails: string };
const videos: { videoId: string; picture: Thumbnail | null }[] = [];

/** A checkered disc on grey. */
function drawing(contrast: number, blur: number, radius: number): Promise<Buffer> {
  const width = 640;
  const height = 360;
  const pixels = Buffer.alloc(width * height * 3, 128);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (Math.hypot(x - 320, y - 180) > radius) continue;
      const shade = 128 + ((Math.floor(x / 8) + Math.floor(y / 8)) % 2 === 0 ? contrast : -contrast);
      pixels.fill(shade, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } });
  return (blur > 0 ? picture.blur(blur) : picture).png().toBuffer();
}

async function store(videoId: string, bytes: Buffer): Promise<void> {
  const picture: Thumbnail = { sha256: createHash("sha256").update(bytes).digest("hex"), format: "png" };
  const path = picturePath(paths.thumbnails, picture);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  videos.push({ videoId, picture });
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-signals-"));
  paths = { embeddings: join(root, "embeddings"), thumbnails: join(root, "thumbnails") };
  await store("plain", await drawing(60, 0, 150));
  await store("faint", await drawing(20, 0, 150));
  await store("blurred", await drawing(60, 3, 150));
  await store("small", await drawing(60, 0, 60));
  await store("broken", Buffer.from("no picture"));
  videos.push({ videoId: "none", picture: null });
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("contrast, clarity and prominence each rise with what they are named for", async () => {
  const signals = await finish(measureSignals(paths, videos));
  const of = (videoId: string) => signals.get(videoId) as ThumbnailSignals;
  expect(of("plain").contrast).toBeGreaterThan(2 * of("faint").contrast);
  expect(of("plain").clarity).toBeGreaterThan(of("blurred").clarity);
  expect(of("small").prominence).toBeGreaterThan(of("plain").prominence);
});

test("videos without a usable picture have no signals", async () => {
  const signals = await finish(measureSignals(paths, videos));
  expect([...signals.keys()].sort()).toEqual(["blurred", "faint", "plain", "small"]);
});

test("what was measured once is read from the file", async () => {
  const before = await finish(measureSignals(paths, videos));
  const file = join(paths.embeddings, "signals-upright.json");
  const known = JSON.parse(await readFile(file, "utf8"));
  known[videos[0]?.picture?.sha256 ?? ""].contrast = 42;
  await writeFile(file, JSON.stringify(known));
  const after = await finish(measureSignals(paths, videos));
  expect(after.get("plain")).toEqual({ ...before.get("plain"), contrast: 42 });
});
