import { random } from "../../lib/base/random";
import type { Pixels } from "../../lib/embedding";

/** What the test pictures differ in, each 0-1. */
export interface Drawing {
  brightness: number;
  contrast: number;
  saturation: number;
  warmth: number;
  blur: number;
  size: number;
  edges: number;
}

export const FACTORS = ["brightness", "contrast", "saturation", "warmth", "blur", "size", "edges"] as const;

const WIDTH = 160;
const HEIGHT = 90;

/** A disc before stripes, with place and tints by the seed and all else by its factors. */
export function draw(drawing: Drawing, seed: number): Pixels {
  const source = random("drawing", seed);
  const x = WIDTH * (0.35 + 0.3 * source.uniform());
  const y = HEIGHT * (0.4 + 0.2 * source.uniform());
  const hue = source.uniform();
  const radius = 10 + 30 * drawing.size;
  const stripe = 0.1 + 0.7 * drawing.edges;
  const softness = 0.25 + 4 * drawing.blur;
  return fromFunction(WIDTH, HEIGHT, (column, row) => {
    const inside = 1 / (1 + Math.exp((Math.hypot(column - x, row - y) - radius) / softness));
    const wave = Math.tanh((Math.sin(stripe * (column + row / 2)) / stripe / softness) * 2);
    const pattern = inside * 1 + (1 - inside) * (wave * 0.35 - 0.4);
    const light = 0.25 + 0.5 * drawing.brightness + pattern * (0.04 + 0.2 * drawing.contrast);
    const tint = (0.02 + 0.3 * drawing.saturation) * (inside - 0.5);
    const warm = (drawing.warmth - 0.5) * 0.25;
    return [light + tint * Math.cos(6.3 * hue) + warm, light - tint * 0.3, light + tint * Math.sin(6.3 * hue) - warm];
  });
}

/** Pixels of a function of column and row that gives red, green and blue, 0-1. */
export function fromFunction(
  width: number,
  height: number,
  colour: (column: number, row: number) => readonly [number, number, number],
): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const rgb = colour(at % width, Math.floor(at / width));
    data.set(
      rgb.map((value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
      at * 3,
    );
  }
  return { data, width, height };
}
