import type { Random } from "../../base";
import type { Canvas, Rgb } from "./canvas";
import { block, ellipse } from "./shapes";
import type { Style } from "./style";

/** What lies outside of a picture's middle square, each uniform in 0-1. */
export interface Edges {
  /** Size of the face in a circle, near the left edge. */
  face: number;
  /** How many words stand near the right edge. */
  words: number;
}

/** Columns in which the edges lie; the middle square of a picture of 640x360 begins at 140 and ends at 500. */
const LEFT = [4, 132] as const;
const RIGHT = [512, 632] as const;

const RADIUS = [16, 62] as const;
const MOST_WORDS = 6;
const LINE = 44;

const INK: Rgb = [0.06, 0.05, 0.07];
const WHITE: Rgb = [0.98, 0.98, 0.97];

export const drawnEdges = (source: Random): Edges => ({ face: source.uniform(), words: source.uniform() });

/** Draws a face near the left edge and words near the right one, over everything else. */
export function drawEdges(canvas: Canvas, style: Style, { face, words }: Edges, source: Random): void {
  drawFace(canvas, style, RADIUS[0] + face * (RADIUS[1] - RADIUS[0]), source);
  drawWords(canvas, style, Math.round(words * MOST_WORDS), source);
}

function drawFace(canvas: Canvas, { skin, accent }: Style, radius: number, source: Random): void {
  const x = (LEFT[0] + LEFT[1]) / 2;
  const y = 96 + source.normal() * 6;
  const circle = (dx: number, dy: number, size: number, colour: Rgb) => {
    const { shape, box } = ellipse(x + dx * radius, y + dy * radius, size * radius);
    canvas.paint(shape, box, colour);
  };
  circle(0, 0, 1, WHITE);
  circle(0, 0, 0.92, accent);
  circle(0, 0, 0.74, skin);
  for (const side of [-0.26, 0.26]) circle(side, -0.16, 0.1, INK);
  circle(0, 0.28, 0.16, INK);
}

function drawWords(canvas: Canvas, { accent }: Style, count: number, source: Random): void {
  const half = (RIGHT[1] - RIGHT[0]) / 2;
  for (let line = 0; line < count; line++) {
    const width = half - source.integer(14);
    const y = 48 + line * LINE;
    const shadow = block(RIGHT[1] - width, y, width, 18, 6);
    const word = block(RIGHT[1] - width, y - 2, width - 4, 13, 5);
    canvas.paint(shadow.shape, shadow.box, INK);
    canvas.paint(word.shape, word.box, line % 2 === 0 ? WHITE : accent);
  }
}
