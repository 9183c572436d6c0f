import { at } from "../../base";
import type { Explanation } from "../../deployment";
import { element } from "./element";

/** Strongest tint of a region, 0-255. */
const STRONGEST = 190;

/**
 * Draws over a picture which regions raise its score (blue) and which lower it (orange), strongest where they move it
 * most.
 */
export function heatMap({ rows, columns, moved }: Explanation): HTMLCanvasElement {
  const canvas = element("canvas", { width: columns, height: rows, role: "img", "aria-label": describe(moved) });
  const context = canvas.getContext("2d");
  const most = Math.max(...moved.flat().map(Math.abs));
  if (context === null || most === 0) return canvas;
  const style = getComputedStyle(document.body);
  const tints = ["--model", "--warm"].map((name) => resolveColour(style.getPropertyValue(name)));
  const image = context.createImageData(columns, rows);
  for (const [cell, value] of moved.flat().entries()) {
    const tint = at(tints, value < 0 ? 0 : 1);
    image.data.set([...tint, (STRONGEST * Math.abs(value)) / most], cell * 4);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A CSS colour as red, green and blue, 0-255; `light-dark()` follows the page. */
function resolveColour(colour: string): number[] {
  const probe = element("span", { hidden: true });
  probe.style.color = colour;
  document.body.append(probe);
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return [red, green, blue];
}

/** Names the regions that move a score most, such as "Helps most: top left. Hurts most: middle right." */
export function describe(moved: readonly (readonly number[])[]): string {
  const cells = moved.flatMap((row, y) =>
    row.map((value, x) => ({ value, place: placeName(x / row.length, y / moved.length) })),
  );
  const sorted = cells.toSorted((a, b) => a.value - b.value);
  const helps = sorted[0];
  const hurts = sorted.at(-1);
  if (helps === undefined || hurts === undefined || (helps.value === 0 && hurts.value === 0))
    return "No region moves the score.";
  return [
    helps.value < 0 ? `Helps most: ${helps.place}.` : "No region helps.",
    hurts.value > 0 ? `Hurts most: ${hurts.place}.` : "No region hurts.",
  ].join(" ");
}

/** @param x share of the width left of it @param y share of the height above it */
function placeName(x: number, y: number): string {
  const row = y < 0.4 ? "top" : y < 0.6 ? "middle" : "bottom";
  const column = x < 0.375 ? "left" : x < 0.625 ? "centre" : "right";
  return `${row} ${column}`;
}
