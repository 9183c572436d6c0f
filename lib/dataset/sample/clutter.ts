import type { Random } from "../../base";
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

/** Steps of the plane's most even sequence of points (R2, Martin Roberts 2018). */
const [STEP_X, STEP_Y] = [0.7548776662466927, 0.5698402909980532];
const JITTER = 8;

/** Scatters shapes evenly, light and dark by turns. @param clutter 0-1, none to 48 of them */
export function drawClutter(canvas: Canvas, niche: Niche, hue: number, clutter: number, source: Random): void {
  for (let mark = 1; mark <= Math.round(MOST_MARKS * clutter); mark++) {
    const x = ((mark * STEP_X) % 1) * canvas.width + JITTER * source.normal();
    const y = ((mark * STEP_Y) % 1) * canvas.height + JITTER * source.normal();
    const { shape, box } = MARKS[niche](x, y, 9 + source.integer(8));
    canvas.paint(shape, box, hsl(hue + 120 + source.integer(60), 0.5, mark % 2 === 0 ? 0.2 : 0.84), 0.9);
  }
}
