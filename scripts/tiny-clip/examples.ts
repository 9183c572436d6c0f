import type { Progress, Random } from "../../lib/base";
import { type SampleVideo, sampleWorld, type WorldOptions } from "../../lib/dataset";
import { drawThumbnail } from "../../lib/dataset/sample/write";
import { bicubic, resize } from "../../lib/embedding/resize/resize";
import { CLIP_DEVIATIONS, CLIP_MEANS } from "../../lib/model";
import { decodeThumbnail, type Pixels } from "../../lib/thumbnails";
import { captionOf } from "./captions";

/** A thumbnail and the words for what is drawn in it. */
export interface Example {
  /** The whole thumbnail, its height that of the tower's input. */
  pixels: Pixels;
  caption: string[];
}

/** Pictures drawn at once. */
const CONCURRENT = 8;

/** Draws the thumbnails of a sample world, as JPEG, and reads them again. @param side height that is kept, in pixels */
export async function* drawExamples(
  options: WorldOptions,
  side: number,
  stage: string,
): AsyncGenerator<Progress, Example[]> {
  const world = sampleWorld(options);
  const examples: Example[] = [];
  for (let start = 0; start < world.length; start += CONCURRENT) {
    yield { stage, done: start, total: world.length };
    examples.push(
      ...(await Promise.all(world.slice(start, start + CONCURRENT).map((video) => drawExample(video, side)))),
    );
  }
  yield { stage, done: world.length, total: world.length };
  return examples;
}

async function drawExample({ look }: SampleVideo, side: number): Promise<Example> {
  const small = ({ data, width, height }: Pixels) =>
    resize({ data, width, height }, Math.trunc((side * width) / height), side, bicubic);
  return { pixels: await decodeThumbnail(await drawThumbnail(look), {}, small), caption: captionOf(look) };
}

/**
 * Cuts a square of the full height out of each picture, normalised as CLIP does.
 * @param source places the squares at random; the middle if omitted
 * @returns [pictures, 3, side, side]
 */
export function squaresOf(pictures: readonly Pixels[], source?: Random): Float32Array {
  const side = pictures[0]?.height ?? 0;
  const area = side * side;
  const values = new Float32Array(pictures.length * 3 * area);
  for (const [index, { data, width }] of pictures.entries()) {
    const left = source === undefined ? (width - side) >> 1 : source.integer(width - side + 1);
    for (let channel = 0; channel < 3; channel++) {
      const [mean, deviation] = [CLIP_MEANS[channel] ?? 0, CLIP_DEVIATIONS[channel] ?? 1];
      const to = (index * 3 + channel) * area;
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++)
          values[to + y * side + x] = ((data[(y * width + left + x) * 3 + channel] ?? 0) / 255 - mean) / deviation;
    }
  }
  return values;
}
