import { type Box, length, type Shape } from "./canvas";

/** A shape and its bounding box. */
export interface Placed {
  shape: Shape;
  box: Box;
}

/** An ellipse (its distance is exact for circles, and close enough near the edge for other ellipses). */
export function ellipse(x: number, y: number, halfWidth: number, halfHeight = halfWidth): Placed {
  const radius = Math.min(halfWidth, halfHeight);
  return {
    shape: (px, py) => (length((px - x) / halfWidth, (py - y) / halfHeight) - 1) * radius,
    box: { x, y, halfWidth, halfHeight },
  };
}

/** A rectangle with rounded corners. */
export function block(x: number, y: number, halfWidth: number, halfHeight: number, corner = 0): Placed {
  const shape: Shape = (px, py) => {
    const across = Math.abs(px - x) - halfWidth + corner;
    const down = Math.abs(py - y) - halfHeight + corner;
    return length(Math.max(across, 0), Math.max(down, 0)) + Math.min(Math.max(across, down), 0) - corner;
  };
  return { shape, box: { x, y, halfWidth, halfHeight } };
}

/** A square standing on a corner. */
export function diamond(x: number, y: number, radius: number): Placed {
  const shape: Shape = (px, py) => (Math.abs(px - x) + Math.abs(py - y) - radius) * Math.SQRT1_2;
  return { shape, box: { x, y, halfWidth: radius, halfHeight: radius } };
}

export function plus(x: number, y: number, radius: number): Placed {
  const lying = block(x, y, radius, radius / 3);
  const standing = block(x, y, radius / 3, radius);
  return {
    shape: (px, py) => Math.min(lying.shape(px, py), standing.shape(px, py)),
    box: { x, y, halfWidth: radius, halfHeight: radius },
  };
}

export function ring(x: number, y: number, radius: number): Placed {
  const width = radius / 3;
  const shape: Shape = (px, py) => Math.abs(length(px - x, py - y) - radius + width) - width;
  return { shape, box: { x, y, halfWidth: radius, halfHeight: radius } };
}

/** The part of a shape above or below a horizontal line. */
export function cut(whole: Placed, y: number, part: "above" | "below"): Placed {
  const side = part === "above" ? 1 : -1;
  return { ...whole, shape: (px, py) => Math.max(whole.shape(px, py), side * (py - y)) };
}
