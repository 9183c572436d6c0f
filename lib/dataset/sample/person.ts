import type { Random } from "../../base";
import type { Canvas, Rgb } from "./canvas";
import { block, cut, ellipse, type Placed } from "./shapes";
import type { Style } from "./style";

const INK: Rgb = [0.08, 0.06, 0.07];
const WHITE: Rgb = [0.98, 0.98, 0.98];

/**
 * Draws a person on the channel's side of the picture, with the white outline of a cut-out.
 * @param size 0-1; the head's radius is 40 to 120 pixels
 */
export function drawPerson(canvas: Canvas, style: Style, size: number, source: Random): void {
  const radius = 40 + 80 * size;
  const side = style.subjectSide === "left" ? 0.25 : 0.75;
  const x = canvas.width * side + source.normal() * 12;
  const y = canvas.height - 1.75 * radius + source.normal() * 6;
  const paint = ({ shape, box }: Placed, colour: Rgb) => canvas.paint(shape, box, colour);
  const head = (more = 0) => ellipse(x, y, radius * 0.84 + more, radius + more);
  const body = shoulders(x, y, radius);
  const mane = (more = 0) => ellipse(x, y + radius * 0.2, radius * 1.05 + more, radius * 1.15 + more);
  const outlined = style.hairCut === "long" ? [body, mane] : [body, head];
  for (const part of outlined) paint(part(radius * 0.1), WHITE);
  if (style.hairCut === "long") paint(mane(), style.hair);
  paint(body(), style.shirt);
  paint(block(x, y + radius, radius * 0.3, radius * 0.4), style.skin);
  paint(head(), style.skin);
  if (style.hairCut !== "bald")
    paint(cut(ellipse(x, y - 2, radius * 0.88, radius * 1.04), y - radius * 0.42, "above"), style.hair);
  drawFace(paint, x, y, radius, source);
}

function shoulders(x: number, y: number, radius: number): (more?: number) => Placed {
  return (more = 0) => ellipse(x, y + radius * 2.35, radius * 1.75 + more, radius * 1.2 + more);
}

function drawFace(
  paint: (placed: Placed, colour: Rgb) => void,
  x: number,
  y: number,
  radius: number,
  source: Random,
): void {
  const look = source.uniform() * 0.12 - 0.06;
  for (const side of [-0.32, 0.32]) {
    paint(ellipse(x + side * radius, y - radius * 0.1, radius * 0.17, radius * 0.14), WHITE);
    paint(ellipse(x + (side + look) * radius, y - radius * 0.1, radius * 0.085), INK);
    paint(block(x + side * radius, y - radius * 0.34, radius * 0.18, radius * 0.035, 2), INK);
  }
  paint(
    cut(ellipse(x, y + radius * 0.36, radius * 0.36, radius * 0.3), y + radius * 0.36, "below"),
    [0.55, 0.12, 0.14],
  );
  paint(cut(ellipse(x, y + radius * 0.36, radius * 0.3, radius * 0.1), y + radius * 0.36, "below"), WHITE);
}
