import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { type Random, random } from "../../lib/base/random";

const WORDS =
  "how i built a camera in why is nobody talking about this the word of insane vlog review 2024 part 1 top 10".split(
    " ",
  );

const WIDTH = 1280;
const HEIGHT = 720;

/** Generated pictures and titles; files in the order of their names. */
export interface Inputs {
  pictures: string[];
  /** For the tiny model of the tests. */
  titles: string[];
  /** For the real MiniLM. */
  sentences: string[];
}

/** Writes so many pictures of thumbnails' sizes into a folder; every fourth stands between black bars. */
export async function writeInputs(folder: string, pictures: number, titles: number, sentences = 0): Promise<Inputs> {
  await mkdir(folder, { recursive: true });
  const paths = Array.from({ length: pictures }, (_, at) => join(folder, `${String(at).padStart(6, "0")}.jpg`));
  for (const [at, path] of paths.entries()) await writeFile(path, await pictureOf(at));
  const drawn = Array.from({ length: Math.max(titles, sentences) }, (_, index) => titleOf(index));
  const inputs = { pictures: paths, titles: drawn.slice(0, titles), sentences: drawn.slice(0, sentences) };
  await writeFile(join(folder, "inputs.json"), JSON.stringify(inputs));
  return inputs;
}

async function pictureOf(at: number): Promise<Buffer> {
  const source = random("bench", "picture", at);
  const scene = sharp(sceneOf(source), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  if (at % 4 !== 3) return scene.jpeg({ quality: 85 }).toBuffer();
  const bars = { top: 60, bottom: 60, background: "#000" };
  const small = await scene.resize(640, 360).png().toBuffer();
  return sharp(small).extend(bars).jpeg({ quality: 85 }).toBuffer();
}

/** A gradient with discs and diagonal lines, [HEIGHT, WIDTH, 3]. */
function sceneOf(source: Random): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
  const colour = () => [source.integer(256), source.integer(256), source.integer(256)] as const;
  const paint = (x: number, y: number, rgb: ArrayLike<number>) => {
    if (x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT) pixels.set(rgb, (y * WIDTH + x) * 3);
  };
  const left = colour();
  const right = colour();
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    const share = (at % WIDTH) / WIDTH;
    for (const channel of [0, 1, 2] as const)
      pixels[at * 3 + channel] = left[channel] + share * (right[channel] - left[channel]);
  }
  for (let shape = 0; shape < 40; shape++) {
    const x = source.integer(WIDTH);
    const y = source.integer(HEIGHT);
    const size = 8 + source.integer(200);
    const isDisc = source.uniform() < 0.5;
    const rgb = colour();
    const thickness = 1 + source.integer(9);
    for (let down = isDisc ? -size : 0; down < size; down++) {
      const [from, to] = isDisc
        ? [-Math.floor(Math.sqrt(size ** 2 - down ** 2)), Math.floor(Math.sqrt(size ** 2 - down ** 2))]
        : [down, down + thickness];
      for (let across = from; across < to; across++) paint(x + across, y + down, rgb);
    }
  }
  return pixels;
}

/** 3 to 14 words and a number. */
function titleOf(at: number): string {
  const source = random("bench", "title", at);
  const words = Array.from({ length: 3 + source.integer(12) }, () => WORDS[source.integer(WORDS.length)]);
  return `${words.join(" ")} ${source.integer(1000)}`;
}
