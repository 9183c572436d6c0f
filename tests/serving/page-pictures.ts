import sharp, { type Sharp } from "sharp";
import { at } from "../../lib/base";
import { random } from "../../lib/base/random";

/** A file as Playwright hands it to a page. */
export interface PageFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Pixels with edges, a gradient and grain, so that every feature of the descriptor has something to measure. */
function drawn(number: number, width: number, height: number) {
  const source = random("page picture", number);
  const colours = Array.from({ length: 4 }, () => [0, 1, 2].map(() => 40 + source.integer(200)));
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    const patch = (x > (width * (number % 5)) / 6 ? 1 : 0) + (y > height / 2 ? 2 : 0);
    const shade = (60 * x) / width - 30 + source.integer(16);
    data[i] = Math.max(0, Math.min(255, at(at(colours, patch), i % 3) + shade));
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A PNG picture; those of different numbers differ. */
export async function png(number: number, name = `picture-${number}.png`): Promise<PageFile> {
  return { name, mimeType: "image/png", buffer: await drawn(number, 640, 360).png().toBuffer() };
}

/** Pictures of every kind that a browser must see as the service does. */
export async function everyKind(): Promise<PageFile[]> {
  const large = drawn(1, 1280, 720);
  const small = drawn(2, 640, 360);
  const barred = small.clone().extend({ top: 60, bottom: 60, background: "#000" });
  const kinds: Record<string, Sharp> = {
    "large.png": large.clone().png(),
    "lossless.webp": large.clone().webp({ lossless: true }),
    "lossy.webp": small.clone().webp({ quality: 75 }),
    "small.jpg": small.clone().jpeg({ quality: 85 }),
    "bars.png": barred.png(),
    "large.jpg": large.clone().jpeg({ quality: 85 }),
    "turned.jpg": drawn(3, 360, 640).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }),
  };
  return Promise.all(
    Object.entries(kinds).map(async ([name, picture]) => {
      const type = name.endsWith("jpg") ? "jpeg" : name.slice(name.indexOf(".") + 1);
      return { name, mimeType: `image/${type}`, buffer: await picture.toBuffer() };
    }),
  );
}
