import { at, type Progress, type Random } from "../../lib/base";
import { type SampleVideo, sampleWorld, type WorldOptions } from "../../lib/dataset";
import { drawThumbnail } from "../../lib/dataset/sample/write";
import { bicubic, resize } from "../../lib/embedding/resize/resize";
import { CLIP_DEVIATIONS, CLIP_MEANS } from "../../lib/model";
import { decodeThumbnail, type Pixels } from "../../lib/thumbnails";
import { captionOf } from "./captions";

/** A thumbnail and the words for what is drawn in it. */
export interface Example {
  /** The whole thumbnail in each of `HEIGHTS`. */
  sizes: Pixels[];
  caption: string[];
}

/** Heights of the kept pictures, in sides of the tower's input: what CLIP is shown comes in many sizes too. */
const HEIGHTS = [1, 3 / 4, 5 / 4] as const;

/** Pictures drawn at once. */
const CONCURRENT = 8;

/** Draws the thumbnails of a sample world, as JPEG, and reads them again. @param side of the tower's input, in pixels */
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
  const inSizes = (pixels: Pixels) =>
    HEIGHTS.map((share) => {
      const height = Math.round(side * share);
      return resize(pixels, Math.trunc((height * pixels.width) / pixels.height), height, bicubic);
    });
  return { sizes: await decodeThumbnail(await drawThumbnail(look), {}, inSizes), caption: captionOf(look) };
}

/**
 * Squares of the tower's input, normalised as CLIP does; what lies outside of the picture has the mean colour.
 * @param source chooses a size and a place for each square; without it, the middle at the input's height
 * @returns [examples, 3, side, side]
 */
export function squaresOf(examples: readonly Example[], side: number, source?: Random): Float32Array {
  const values = new Float32Array(examples.length * 3 * side * side);
  for (const [index, { sizes }] of examples.entries()) {
    const pixels = at(sizes, source?.integer(sizes.length) ?? 0);
    const place = (length: number) =>
      source === undefined
        ? (length - side) >> 1
        : Math.min(0, length - side) + source.integer(Math.abs(length - side) + 1);
    putSquare(values.subarray(index * 3 * side * side), side, pixels, {
      left: place(pixels.width),
      top: place(pixels.height),
    });
  }
  return values;
}

/** @param to [3, side, side], zeros */
function putSquare(
  to: Float32Array,
  side: number,
  { data, width, height }: Pixels,
  { left, top }: { left: number; top: number },
): void {
  for (let channel = 0; channel < 3; channel++) {
    const mean = at(CLIP_MEANS, channel);
    const deviation = at(CLIP_DEVIATIONS, channel);
    for (let y = Math.max(0, -top); y < Math.min(side, height - top); y++)
      for (let x = Math.max(0, -left); x < Math.min(side, width - left); x++) {
        const byte = at(data, ((y + top) * width + x + left) * 3 + channel);
        to[(channel * side + y) * side + x] = (byte / 255 - mean) / deviation;
      }
  }
}
