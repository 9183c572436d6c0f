import { type Random, random } from "../../base";
import type { Factors } from "./appeal";
import { Canvas, hsl, length } from "./canvas";
import { drawEdges } from "./edges";
import { drawPerson } from "./person";
import { block, diamond, ellipse, type Placed, plus, ring } from "./shapes";
import type { Style } from "./style";
import type { Niche } from "./titles";

export const WIDTH = 640;
export const HEIGHT = 360;

/** A picture to draw. */
export interface Look {
  seed: number;
  niche: Niche;
  style: Style;
  factors: Factors;
}

/** The small shape that a niche scatters over its backgrounds. */
const MARKS: Record<Niche, (x: number, y: number, radius: number) => Placed> = {
  tech: (x, y, radius) => block(x, y, radius, radius * 0.7, radius / 4),
  gaming: plus,
  education: ring,
  entertainment: diamond,
  beauty: (x, y, radius) => ellipse(x, y, radius),
  news: (x, y, radius) => block(x, y, radius * 1.4, radius / 2),
};
const MOST_MARKS = 48;

/** Steps of the R2 low-discrepancy sequence (Martin Roberts 2018). */
const STEP_X = 0.7548776662466927;
const STEP_Y = 0.5698402909980532;
const JITTER = 8;

/** Gain of brightness around mid-grey, and of colour around grey, at factor 0 and at factor 1. */
const CONTRAST = [0.55, 1.35] as const;
const SATURATION = [0.3, 1.35] as const;

/**
 * Draws a thumbnail before it is blurred: background in the channel's colours, small shapes (clutter), a person, bars
 * that represent lettering, and, if its world has them, things near the edges.
 * @returns red, green, blue of 0-255, [360, 640, 3]
 */
export function drawPicture(look: Look): Uint8Array {
  const canvas = new Canvas(WIDTH, HEIGHT);
  const source = random("sample picture", look.seed);
  drawBackground(canvas, look.style, source);
  drawClutter(canvas, look.niche, look.style.hue, look.factors.clutter, source);
  drawLettering(canvas, look.style, source);
  drawPerson(canvas, look.style, look.factors.subjectSize, source);
  if (look.factors.edges !== undefined) drawEdges(canvas, look.style, look.factors.edges, source);
  return toned(canvas, look.factors);
}

function drawBackground(canvas: Canvas, { hue, hueStep, background }: Style, source: Random): void {
  const shade = hue + source.normal() * 6;
  const from = hsl(shade, 0.6, 0.22);
  const to = hsl(shade + hueStep, 0.6, 0.46);
  const turn = source.uniform() * 0.6 - 0.3;
  const x0 = WIDTH / 2;
  const y0 = HEIGHT / 2;
  const { spots, angles } = aroundCentre();
  const slope = (x: number, y: number) => 0.5 + (x - x0) / WIDTH + (turn * (y - y0)) / HEIGHT;
  const spot = (_x: number, _y: number, at: number) => spots[at]!;
  const rays = (_x: number, _y: number, at: number) => 0.65 * spots[at]! + 0.35 * ray(angles[at]! + turn);
  canvas.gradient(from, to, { slope, spot, rays }[background]);
}

interface AroundCentre {
  /** Light of a spot in the centre, 0-1, [360 * 640]. */
  spots: Float64Array;
  /** Radians, [360 * 640]. */
  angles: Float64Array;
}
let around: AroundCentre | undefined;

/** What is the same in all pictures; square roots and arc tangents of all pixels take longer than the rest of one. */
function aroundCentre(): AroundCentre {
  if (around !== undefined) return around;
  around = { spots: new Float64Array(WIDTH * HEIGHT), angles: new Float64Array(WIDTH * HEIGHT) };
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    const x = (at % WIDTH) - WIDTH / 2;
    const y = Math.floor(at / WIDTH) - HEIGHT / 2;
    around.spots[at] = Math.max(0, 1 - length(x, y) / 380);
    around.angles[at] = Math.atan2(y, x);
  }
  return around;
}

/** Nine rays around a centre: 1 on a ray, 0 between two. */
function ray(angle: number): number {
  const turns = (angle * 9) / Math.PI + 40;
  const wave = Math.abs(turns - 2 * Math.floor(turns / 2) - 1);
  return Math.min(1, Math.max(0, 0.5 + 5 * (wave - 0.5)));
}

function drawLettering(canvas: Canvas, { subjectSide, accent }: Style, source: Random): void {
  const left = subjectSide === "left" ? WIDTH * 0.52 : 28;
  for (let line = 0; line < 2; line++) {
    const y = 60 + line * 58;
    for (let x = left, end = left + 200 + source.integer(70); x < end - 30; ) {
      const half = 18 + source.integer(34);
      const shadow = block(x + half + 4, y + 5, half, 20, 6);
      const word = block(x + half, y, half, 20, 6);
      canvas.paint(shadow.shape, shadow.box, [0.05, 0.05, 0.08], 0.85);
      canvas.paint(word.shape, word.box, line === 0 ? [0.98, 0.98, 0.96] : accent);
      x += 2 * half + 12;
    }
  }
}

/**
 * Applies contrast and saturation.
 * @returns red, green, blue of 0-255
 */
function toned({ data }: Canvas, { contrast, saturation }: Factors): Uint8Array {
  const gain = between(CONTRAST, contrast);
  const colour = between(SATURATION, saturation);
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const red = data[i]!;
    const green = data[i + 1]!;
    const blue = data[i + 2]!;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    const light = 0.5 + gain * (luma - 0.5);
    bytes[i] = byte(light + colour * (red - luma));
    bytes[i + 1] = byte(light + colour * (green - luma));
    bytes[i + 2] = byte(light + colour * (blue - luma));
  }
  return bytes;
}

const between = ([low, high]: readonly [number, number], share: number) => low + share * (high - low);
const byte = (value: number) => Math.floor(Math.min(1, Math.max(0, value)) * 255 + 0.5);

/** Scatters shapes evenly, alternating light and dark. @param clutter 0-1, for 0 to 48 shapes */
function drawClutter(canvas: Canvas, niche: Niche, hue: number, clutter: number, source: Random): void {
  for (let mark = 1; mark <= Math.round(MOST_MARKS * clutter); mark++) {
    const x = ((mark * STEP_X) % 1) * canvas.width + JITTER * source.normal();
    const y = ((mark * STEP_Y) % 1) * canvas.height + JITTER * source.normal();
    const { shape, box } = MARKS[niche](x, y, 9 + source.integer(8));
    canvas.paint(shape, box, hsl(hue + 120 + source.integer(60), 0.5, mark % 2 === 0 ? 0.2 : 0.84), 0.9);
  }
}
