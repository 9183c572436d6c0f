import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { type Random, random } from "../../lib/random";

const WORDS =
  "how i built a camera in why is nobody talking about this the word of insane vlog review 2024 part 1 top 10".split(
    " ",
  );

/** Generated pictures and titles; files in the order of their names. */
export interface Inputs {
  pictures: string[];
  titles: string[];
}

/** Writes so many pictures of thumbnails' sizes into a folder; every fourth stands between black bars. */
export async function writeInputs(folder: string, pictures: number, titles: number): Promise<Inputs> {
  await mkdir(folder, { recursive: true });
  const paths = Array.from({ length: pictures }, (_, at) => join(folder, `${String(at).padStart(6, "0")}.jpg`));
  for (const [at, path] of paths.entries()) await writeFile(path, await pictureOf(at));
  const inputs = { pictures: paths, titles: Array.from({ length: titles }, (_, at) => titleOf(at)) };
  await writeFile(join(folder, "inputs.json"), JSON.stringify(inputs));
  return inputs;
}

async function pictureOf(at: number): Promise<Buffer> {
  const source = random("bench", "picture", at);
  const scene = sharp(Buffer.from(sceneOf(source))).removeAlpha();
  if (at % 4 !== 3) return scene.jpeg({ quality: 85 }).toBuffer();
  const bars = { top: 60, bottom: 60, background: "#000" };
  const small = await scene.resize(640, 360).png().toBuffer();
  return sharp(small).extend(bars).jpeg({ quality: 85 }).toBuffer();
}

/** A gradient with shapes and fine lines, 1280x720: letters would depend on the machine's fonts. */
function sceneOf(source: Random): string {
  const colour = () => `rgb(${source.integer(256)},${source.integer(256)},${source.integer(256)})`;
  const shapes = Array.from({ length: 40 }, () => {
    const [x, y, size] = [source.integer(1280), source.integer(720), 8 + source.integer(200)];
    if (source.uniform() < 0.5) return `<circle cx="${x}" cy="${y}" r="${size}" fill="${colour()}"/>`;
    return `<path d="M${x} ${y}l${size} ${size}" stroke="${colour()}" stroke-width="${1 + source.integer(9)}"/>`;
  });
  const stops = `<stop stop-color="${colour()}"/><stop offset="1" stop-color="${colour()}"/>`;
  const gradient = `<linearGradient id="g" x2="1" y2="1">${stops}</linearGradient><rect width="1280" height="720" fill="url(#g)"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">${gradient}${shapes.join("")}</svg>`;
}

/** 3 to 14 words and a number. */
function titleOf(at: number): string {
  const source = random("bench", "title", at);
  const words = Array.from({ length: 3 + source.integer(12) }, () => WORDS[source.integer(WORDS.length)]);
  return `${words.join(" ")} ${source.integer(1000)}`;
}
