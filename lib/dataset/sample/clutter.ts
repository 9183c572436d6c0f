import type { Random } from "../../random";
import { type Canvas, hsl } from "./canvas";
import { block, diamond, ellipse, type Placed, plus, ring } from "./shapes";
import type { Niche } from "./titles";

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

/** Scatters shapes, light and dark by turns. @param clutter 0-1, none to 48 of them */
export function drawClutter(canvas: Canvas, niche: Niche, hue: number, clutter: number, source: Random): void {
  for (let mark = 0; mark < Math.round(MOST_MARKS * clutter); mark++) {
    const [x, y] = [source.integer(canvas.width), source.integer(canvas.height)];
    const { shape, box } = MARKS[niche](x, y, 9 + source.integer(10));
    canvas.paint(shape, box, hsl(hue + 120 + source.integer(60), 0.5, mark % 2 === 0 ? 0.2 : 0.84), 0.9);
  }
}
