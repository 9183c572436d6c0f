import { concatenated } from "../../base";
import type { Pixels } from "../encoder";
import { bilinear, resize } from "../resize/resize";

/** One value per pixel, row-major: [height, width]. */
export interface Plane {
  data: Float32Array;
  width: number;
  height: number;
}

/** A picture at the sizes that the descriptor measures; luma is 0-1, colour differences are centred at 0. */
export interface Planes {
  /** Luma at 320x180, 160x90 and 80x45. */
  luma: [Plane, Plane, Plane];
  /** Yellow to blue and green to red (the Cb and Cr of JPEG), 160x90, -0.5 to 0.5. */
  blue: Plane;
  red: Plane;
}

const WIDTH = 320;
const HEIGHT = 180;

/** Resizes every picture to the same frame, whatever its size and shape; a portrait is stretched. */
export const framed = (pixels: Pixels): Pixels => resize(pixels, WIDTH, HEIGHT, bilinear);

/** Brightness gradients by central differences; they are 0 for the outermost pixels. */
export interface Gradients {
  /** Change of luma per pixel, to the right and down. */
  across: Plane;
  down: Plane;
  /** Length of the gradients. */
  magnitude: Plane;
}

/** Resizes a picture to the frame and computes its planes. */
export function makePlanes(pixels: Pixels): Planes {
  const { data } = framed(pixels);
  const luma = plane(WIDTH, HEIGHT);
  const blue = plane(WIDTH, HEIGHT);
  const red = plane(WIDTH, HEIGHT);
  for (let i = 0, from = 0; i < luma.data.length; i++, from += 3) {
    const r = data[from]! / 255;
    const g = data[from + 1]! / 255;
    const b = data[from + 2]! / 255;
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    luma.data[i] = y;
    blue.data[i] = (b - y) * 0.564;
    red.data[i] = (r - y) * 0.713;
  }
  const half = halved(luma);
  return { luma: [luma, half, halved(half)], blue: halved(blue), red: halved(red) };
}

/** A plane of zeros. */
export function plane(width: number, height: number): Plane {
  return { data: new Float32Array(width * height), width, height };
}

/** Means of 2x2 pixels; an odd last row or column is left out. */
export function halved(whole: Plane): Plane {
  const half = plane(whole.width >> 1, whole.height >> 1);
  for (let row = 0, to = 0; row < half.height; row++) {
    let from = row * 2 * whole.width;
    for (let column = 0; column < half.width; column++, to++, from += 2) {
      const below = from + whole.width;
      const above = whole.data[from]! + whole.data[from + 1]!;
      half.data[to] = (above + whole.data[below]! + whole.data[below + 1]!) / 4;
    }
  }
  return half;
}

/** Means of a plane over columns x rows equal cells, row-major. The plane's sides are multiples of the grid's. */
export function cellMeans({ data, width, height }: Plane, columns: number, rows: number): Plane {
  const means = plane(columns, rows);
  const cellWidth = width / columns;
  const cellHeight = height / rows;
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / cellHeight) * columns;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let x = 0; x < cellWidth; x++, i++) sum += data[i]!;
      means.data[row + column]! += sum / (cellWidth * cellHeight);
    }
  }
  return means;
}

/** Standard deviations of a plane in the cells of a columns x rows grid. */
export function cellDeviations(values: Plane, columns: number, rows: number): Plane {
  const means = cellMeans(values, columns, rows);
  const squared = plane(values.width, values.height);
  for (let i = 0; i < squared.data.length; i++) squared.data[i] = values.data[i]! * values.data[i]!;
  const squares = cellMeans(squared, columns, rows);
  return {
    ...means,
    data: squares.data.map((square, i) => Math.sqrt(Math.max(0, square - means.data[i]! ** 2))),
  };
}

/**
 * Mean of a list of numbers. (Indexed loops: `for of` and `map` over typed arrays take ten times as long, and put each
 * number on the heap.)
 */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Mean squared distance of a list of numbers from a centre. */
export function meanSquare(values: Float32Array, centre = 0): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return squares / values.length;
}

export function deviation(values: Float32Array): number {
  return Math.sqrt(meanSquare(values, mean(values)));
}

/** Quantile of values in 0-1, to a thousandth; counting is ten times as fast as sorting. */
export function countedQuantile(values: Float32Array, share: number): number {
  const counts = new Uint32Array(1001);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.round(values[i]! * 1000);
    counts[bin]! += 1;
  }
  let bin = 0;
  for (let below = counts[0]!; below <= share * (values.length - 1); below += counts[bin]!) bin++;
  return bin / 1000;
}

export function computeGradients({ data, width, height }: Plane): Gradients {
  const across = plane(width, height);
  const down = plane(width, height);
  const magnitude = plane(width, height);
  for (let row = 1; row < height - 1; row++) {
    for (let i = row * width + 1; i < row * width + width - 1; i++) {
      const right = (data[i + 1]! - data[i - 1]!) / 2;
      const below = (data[i + width]! - data[i - width]!) / 2;
      across.data[i] = right;
      down.data[i] = below;
      magnitude.data[i] = Math.sqrt(right * right + below * below);
    }
  }
  return { across, down, magnitude };
}

/**
 * Histograms of oriented gradients (Dalal and Triggs 2005, without overlapping blocks): for each cell the magnitude at
 * each orientation, split between the two nearest bins. Orientations are modulo a half turn; the first is that of a
 * vertical edge.
 * @returns [bins, rows, columns]
 */
export function orientationHistograms(
  { across, down, magnitude }: Gradients,
  bins: number,
  columns: number,
  rows: number,
): Float32Array {
  const { width, height } = magnitude;
  const votes = Array.from({ length: bins }, () => plane(width, height));
  for (let i = 0; i < magnitude.data.length; i++) {
    const length = magnitude.data[i]!;
    if (length === 0) continue;
    const place = (Math.atan2(down.data[i]!, across.data[i]!) / Math.PI + 1) * bins;
    const lower = Math.floor(place);
    votes[lower % bins]!.data[i] = length * (1 - (place - lower));
    votes[(lower + 1) % bins]!.data[i] = length * (place - lower);
  }
  return concatenated(votes.map((vote) => cellMeans(vote, columns, rows).data));
}
