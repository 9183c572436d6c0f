import { type Random, random } from "../../base";
import type { Factors } from "./appeal";
import { Canvas, hsl, length } from "./canvas";
import { drawClutter } from "./clutter";
import { drawPerson } from "./person";
import { block } from "./shapes";
import type { Style } from "./style";
import type { Niche } from "./titles";
import { toned } from "./tone";

export const WIDTH = 640;
export const HEIGHT = 360;

/** A picture to draw. */
export interface Look {
  seed: number;
  niche: Niche;
  style: Style;
  factors: Factors;
}

/**
 * Draws a thumbnail before it is blurred: background in the channel's colours, small shapes (clutter), a person, and
 * bars that stand for lettering.
 * @returns red, green, blue of 0-255, [360, 640, 3]
 */
export function drawPicture(look: Look): Uint8Array {
  const canvas = new Canvas(WIDTH, HEIGHT);
  const source = random("sample picture", look.seed);
  drawBackground(canvas, look.style, source);
  drawClutter(canvas, look.niche, look.style.hue, look.factors.clutter, source);
  drawLettering(canvas, look.style, source);
  drawPerson(canvas, look.style, look.factors.subjectSize, source);
  return toned(canvas, look.factors);
}

function drawBackground(canvas: Canvas, { hue, hueStep, background }: Style, source: Random): void {
  const shade = hue + source.normal() * 6;
  const [from, to] = [hsl(shade, 0.6, 0.22), hsl(shade + hueStep, 0.6, 0.46)];
  const turn = source.uniform() * 0.6 - 0.3;
  const [x0, y0] = [WIDTH / 2, HEIGHT / 2];
  const slope = (x: number, y: number) => 0.5 + (x - x0) / WIDTH + (turn * (y - y0)) / HEIGHT;
  const spot = (x: number, y: number) => Math.max(0, 1 - length(x - x0, y - y0) / 380);
  const rays = (x: number, y: number) => 0.65 * spot(x, y) + 0.35 * ray(Math.atan2(y - y0, x - x0) + turn);
  canvas.gradient(from, to, { slope, spot, rays }[background]);
}

/** Nine rays around: 0 between them, 1 on them. */
function ray(angle: number): number {
  const wave = Math.abs((((angle * 9) / Math.PI + 40) % 2) - 1);
  return Math.min(1, Math.max(0, 0.5 + 5 * (wave - 0.5)));
}

function drawLettering(canvas: Canvas, { subjectSide, accent }: Style, source: Random): void {
  const left = subjectSide === "left" ? WIDTH * 0.52 : 28;
  for (let line = 0; line < 2; line++) {
    const y = 60 + line * 58;
    for (let x = left, end = left + 200 + source.integer(70); x < end - 30; ) {
      const half = 18 + source.integer(34);
      const [shadow, word] = [block(x + half + 4, y + 5, half, 20, 6), block(x + half, y, half, 20, 6)];
      canvas.paint(shadow.shape, shadow.box, [0.05, 0.05, 0.08], 0.85);
      canvas.paint(word.shape, word.box, line === 0 ? [0.98, 0.98, 0.96] : accent);
      x += 2 * half + 12;
    }
  }
}
