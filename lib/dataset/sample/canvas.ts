export type Rgb = readonly [red: number, green: number, blue: number];

/** Signed distance to a shape's edge in pixels, negative inside; it changes by at most 1 from a pixel to the next. */
export type Shape = (x: number, y: number) => number;

/** The pixels a shape can touch. */
export interface Box {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
}

/** Half a pixel, over which an edge is smoothed, and what rounding may add. */
const MARGIN = 0.5 + 1e-6;

/** A picture being drawn: RGB of 0-1, row-major, [height, width, 3]. */
export class Canvas {
  readonly data: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Float32Array(width * height * 3);
  }

  /** Paints every pixel between two colours. @param mix of pixel `at`: 0 gives the first, 1 the second */
  gradient(from: Rgb, to: Rgb, mix: (x: number, y: number, at: number) => number): void {
    const { data, width, height } = this;
    const [red, green, blue] = from;
    const [redder, greener, bluer] = [to[0] - red, to[1] - green, to[2] - blue];
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const share = mix(x, y, at);
        data[at * 3] = red + share * redder;
        data[at * 3 + 1] = green + share * greener;
        data[at * 3 + 2] = blue + share * bluer;
      }
    }
  }

  /** Paints a shape with its edge smoothed over one pixel. */
  paint(shape: Shape, box: Box, colour: Rgb, opacity = 1): void {
    const [left, right] = span(box.x, box.halfWidth, this.width);
    const [top, bottom] = span(box.y, box.halfHeight, this.height);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; ) {
        const distance = shape(x, y);
        // So far from the edge, the next pixels are all inside or all outside.
        const end = Math.min(right, x + Math.max(0, Math.floor(Math.abs(distance) - MARGIN))) + 1;
        const cover = Math.min(1, Math.max(0, 0.5 - distance)) * opacity;
        if (cover > 0) this.#blend(y * this.width + x, y * this.width + end, colour, cover);
        x = end;
      }
    }
  }

  /** Mixes a colour into pixels from `start` up to `end`, which is not included. */
  #blend(start: number, end: number, [red, green, blue]: Rgb, cover: number): void {
    const { data } = this;
    for (let at = start * 3; at < end * 3; at += 3) {
      data[at] = data[at]! * (1 - cover) + red * cover;
      data[at + 1] = data[at + 1]! * (1 - cover) + green * cover;
      data[at + 2] = data[at + 2]! * (1 - cover) + blue * cover;
    }
  }
}

function span(centre: number, half: number, size: number): [number, number] {
  return [Math.max(0, Math.floor(centre - half - 1)), Math.min(size - 1, Math.ceil(centre + half + 1))];
}

/** Length of a vector; `Math.hypot` takes ten times as long. */
export function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Converts hue (degrees), saturation and lightness (0-1) to RGB. */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const place = (offset + hue / 30 + 360) % 12;
    return lightness - chroma * Math.max(-1, Math.min(place - 3, 9 - place, 1));
  };
  return [channel(0), channel(8), channel(4)];
}
