import { at } from "../base";
import { splitRows } from "../embedding";
import type { Pixels } from "../thumbnails";
import { type RankImage, withTitles } from "./embed";
import type { Encoders } from "./encoders";
import type { LoadedModel } from "./load-model";
import { rankCandidates } from "./rank";

/** The grid of regions: nearly square on a 16:9 picture. */
const ROWS = 5;
const COLUMNS = 8;

/** How much each region of a thumbnail moves its score. */
export interface Explanation {
  rows: number;
  columns: number;
  /** Score without the region minus score, [rows][columns]; below 0 where the region helps. */
  moved: number[][];
}

export interface ExplainRequest {
  model: Pick<LoadedModel, "card" | "version" | "offsets" | "predict">;
  encoders: Encoders;
  picture: RankImage;
  /** Scores get this channel's offset, if the model has one. */
  channelId?: string | undefined;
}

/**
 * Explains a thumbnail's score by occlusion (Zeiler and Fergus 2013): each region in turn is filled with the picture's
 * mean colour, and the model scores all of these pictures in one batch.
 * @throws ThumbnailRefused
 */
export async function explain({ model, encoders, picture, channelId }: ExplainRequest): Promise<Explanation> {
  const { image: name, source = name, title = "" } = picture;
  const whole = await encoders.image.decode(source);
  const titleVector = await encoders.text.encode([title]);
  const pictures = [whole, ...occlude(whole, ROWS, COLUMNS)];
  const candidates = [];
  for (const [index, pixels] of pictures.entries()) {
    const imageVector = await encoders.image.encode([pixels]);
    candidates.push(...withTitles({ index, image: name, imageVector }, [title], () => titleVector));
    // Built-in encoders never wait for anything, and other requests should not wait for all of these pictures.
    await new Promise((resolve) => setTimeout(resolve));
  }
  const { ranking } = await rankCandidates(model, candidates, { channelId });
  const scores = new Float64Array(pictures.length);
  for (const { index, score } of ranking) scores[index] = score;
  const moved = scores.subarray(1).map((score) => score - at(scores, 0));
  return { rows: ROWS, columns: COLUMNS, moved: splitRows(Float32Array.from(moved), COLUMNS).map((row) => [...row]) };
}

/**
 * Copies of a picture, each with one region of the grid filled with the picture's mean colour.
 * @returns [rows * columns], row by row
 */
export function occlude({ data, width, height }: Pixels, rows: number, columns: number): Pixels[] {
  const colour = meanColour(data);
  return Array.from({ length: rows * columns }, (_, region) => {
    const row = Math.floor(region / columns);
    const column = region % columns;
    // Not `slice`, which of a Buffer would share its memory.
    const copy = new Uint8Array(data);
    for (let y = Math.round((row * height) / rows); y < Math.round(((row + 1) * height) / rows); y++) {
      for (let x = Math.round((column * width) / columns); x < Math.round(((column + 1) * width) / columns); x++)
        copy.set(colour, (y * width + x) * 3);
    }
    return { data: copy, width, height };
  });
}

function meanColour(data: Uint8Array): Uint8Array {
  const sums = new Float64Array(3);
  for (let i = 0; i < data.length; i++) sums[i % 3]! += data[i]!;
  return Uint8Array.from(sums, (sum) => Math.round(sum / (data.length / 3)));
}
