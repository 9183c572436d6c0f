import { type Random, random } from "../../random";
import type { Factors } from "./appeal";
import { Canvas, hsl } from "./canvas";
import { drawPerson } from "./person";
import { block, diamond, ellipse, type Placed, plus, ring } from "./shapes";
import type { Style } from "./style";
import type { Niche } from "./titles";
import { toned } from "./tone";

export const WIDTH = 640;
export const HEIGHT = 360;
const MAX_CLUTTER = 26;

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
  drawClutter(canvas, look, source);
  drawLettering(canvas, look.style, source);
  drawPerson(canvas, look.style, look.factors.subjectSize, source);
  return toned(canvas, look.factors);
}

function drawBackground(canvas: Canvas, { hue, hueStep, background }: Style, source: Random): void {
  const shade = hue + source.normal() * 6;
  const [from, to] = [hsl(shade, 0.6, 0.32), hsl(shade + hueStep, 0.65, 0.62)];
  const turn = source.uniform() * 0.6 - 0.3;
  const [x0, y0] = [WIDTH / 2, HEIGHT / 2];
  const slope = (x: number, y: number) => 0.5 + (x - x0) / WIDTH + (turn * (y - y0)) / HEIGHT;
  const spot = (x: number, y: number) => Math.max(0, 1 - Math.hypot(x - x0, y - y0) / 380);
  const rays = (x: number, y: number) => 0.5 + 0.5 * Math.tanh(6 * Math.sin(9 * (Math.atan2(y - y0, x - x0) + turn)));
  canvas.gradient(
    from,
    to,
    { slope, spot, rays: (x: number, y: number) => 0.35 * rays(x, y) + 0.65 * spot(x, y) }[background],
  );
}

const MARKS: Record<Niche, (x: number, y: number, radius: number) => Placed> = {
  tech: (x, y, radius) => block(x, y, radius, radius * 0.7, radius / 4),
  gaming: plus,
  education: ring,
  entertainment: diamond,
  beauty: (x, y, radius) => ellipse(x, y, radius),
  news: (x, y, radius) => block(x, y, radius * 1.4, radius / 2),
};

function drawClutter(canvas: Canvas, { niche, style, factors }: Look, source: Random): void {
  for (let mark = 0; mark < Math.round(MAX_CLUTTER * factors.clutter); mark++) {
    const { shape, box } = MARKS[niche](source.integer(WIDTH), source.integer(HEIGHT), 9 + source.integer(12));
    const light = source.uniform() < 0.5 ? 0.25 : 0.78;
    canvas.paint(shape, box, hsl(style.hue + 120 + source.integer(60), 0.6, light), 0.9);
  }
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
