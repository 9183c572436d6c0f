import { type Box, length, type Shape } from "./canvas";

/** A shape with the box that holds it. */
export interface Placed {
  shape: Shape;
  box: Box;
}

/** An ellipse (its distance is exact for circles, near enough for edges of others). */
export function ellipse(x: number, y: number, halfWidth: number, halfHeight = halfWidth): Placed {
  const radius = Math.min(halfWidth, halfHeight);
  return {
    shape: (px, py) => (length((px - x) / halfWidth, (py - y) / halfHeight) - 1) * radius,
    box: { x, y, halfWidth, halfHeight },
  };
}

/** A rectangle with round corners. */
export function block(x: number, y: number, halfWidth: number, halfHeight: number, corner = 0): Placed {
  const shape: Shape = (px, py) => {
    const across = Math.abs(px - x) - halfWidth + corner;
    const down = Math.abs(py - y) - halfHeight + corner;
    return length(Math.max(across, 0), Math.max(down, 0)) + Math.min(Math.max(across, down), 0) - corner;
  };
  return { shape, box: { x, y, halfWidth, halfHeight } };
}

/** A square on its corner. */
export function diamond(x: number, y: number, radius: number): Placed {
  const shape: Shape = (px, py) => (Math.abs(px - x) + Math.abs(py - y) - radius) * Math.SQRT1_2;
  return { shape, box: { x, y, halfWidth: radius, halfHeight: radius } };
}

/** A plus sign. */
export function plus(x: number, y: number, radius: number): Placed {
  const lying = block(x, y, radius, radius / 3);
  const standing = block(x, y, radius / 3, radius);
  return {
    shape: (px, py) => Math.min(lying.shape(px, py), standing.shape(px, py)),
    box: { x, y, halfWidth: radius, halfHeight: radius },
  };
}

/** A ring. */
export function ring(x: number, y: number, radius: number): Placed {
  const width = radius / 3;
  const shape: Shape = (px, py) => Math.abs(length(px - x, py - y) - radius + width) - width;
  return { shape, box: { x, y, halfWidth: radius, halfHeight: radius } };
}

/** The part of a shape above, or below, a line. */
export function cut(whole: Placed, y: number, part: "above" | "below"): Placed {
  const side = part === "above" ? 1 : -1;
  return { ...whole, shape: (px, py) => Math.max(whole.shape(px, py), side * (py - y)) };
}
