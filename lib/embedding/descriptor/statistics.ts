import { detailEnergy } from "./detail";
import type { Gradients } from "./gradients";
import { cellMeans, deviation, mean, meanSquare } from "./grid";
import type { Plane, Planes } from "./planes";

/** What the descriptor says of the picture as a whole, each about normal on real thumbnails (logarithms of energies). */
export interface Statistics {
  brightness: number;
  /** Standard deviation of luma. */
  contrast: number;
  shadows: number;
  midtones: number;
  highlights: number;
  range: number;
  /** Mean, deviation and 90th percentile of chroma. */
  saturation: number;
  saturationSpread: number;
  saturationHigh: number;
  /** Hasler and Suesstrunk 2003, of luma-chroma opponents. */
  colourfulness: number;
  blueness: number;
  redness: number;
  warmth: number;
  warmthSpread: number;
  /** Log mean energy of detail at 320x180, 160x90 and 80x45. */
  detailFine: number;
  detailMiddle: number;
  detailCoarse: number;
  /** Logs of their ratios: sharpness, whatever the contrast. */
  sharpnessFine: number;
  sharpnessCoarse: number;
  /** Shares of pixels on an edge at 320x180 and at 160x90. */
  edgesFine: number;
  edges: number;
  gradient: number;
  /** How many of the cells hold the detail: the entropy of its 8x5 grid, 0-1. */
  detailEvenness: number;
  /** Share of detail in the middle of the picture. */
  detailCentred: number;
  /** Horizontal against vertical gradients, -1 to 1. */
  orientation: number;
  /** Area of the subject, its distance from the middle, its spread. */
  subjectArea: number;
  subjectColumn: number;
  subjectCentred: number;
  leftRight: number;
  topBottom: number;
  /** Share of skin-like colours. */
  skin: number;
}

/** Measures the whole picture. */
export function statisticsOf(planes: Planes, fine: Gradients, middle: Gradients, subject: Plane): Statistics {
  return {
    ...lightOf(planes.luma[1]),
    ...colourOf(planes),
    ...sharpnessOf(planes),
    ...edgesOf(fine, middle),
    ...subjectOf(subject),
  };
}

function lightOf(luma: Plane) {
  const [shadows, midtones, highlights] = [
    quantile(luma.data, 0.05),
    quantile(luma.data, 0.5),
    quantile(luma.data, 0.95),
  ];
  const halves = cellMeans(luma, 2, 2).data;
  const [a, b, c, d] = halves as unknown as [number, number, number, number];
  return {
    brightness: mean(luma.data),
    contrast: deviation(luma.data),
    shadows,
    midtones,
    highlights,
    range: highlights - shadows,
    leftRight: (b + d - a - c) / 2,
    topBottom: (c + d - a - b) / 2,
  };
}

function colourOf({ blue, red }: Planes) {
  const chroma = blue.data.map((cb, at) => Math.sqrt(cb * cb + (red.data[at] as number) ** 2));
  const warm = blue.data.map((cb, at) => (red.data[at] as number) - cb);
  const spread = Math.hypot(deviation(blue.data), deviation(red.data));
  return {
    saturation: mean(chroma),
    saturationSpread: deviation(chroma),
    saturationHigh: quantile(chroma, 0.9),
    colourfulness: spread + 0.3 * Math.hypot(mean(blue.data), mean(red.data)),
    blueness: mean(blue.data),
    redness: mean(red.data),
    warmth: mean(warm),
    warmthSpread: deviation(warm),
    skin: mean(blue.data.map((cb, at) => likeSkin(cb, red.data[at] as number))),
  };
}

/** Nearness to the middle of skin colours in Cb and Cr (Chai and Ngan 1999: Cb 77-127, Cr 133-173 of 255), 0-1. */
function likeSkin(cb: number, cr: number): number {
  return Math.exp(-0.5 * (((cb + 0.1) / 0.06) ** 2 + ((cr - 0.1) / 0.05) ** 2));
}

function sharpnessOf({ luma }: Planes) {
  const [fine, middle, coarse] = [energyOf(luma[0]), energyOf(luma[1]), energyOf(luma[2])];
  return {
    detailFine: Math.log(fine + 1e-6),
    detailMiddle: Math.log(middle + 1e-6),
    detailCoarse: Math.log(coarse + 1e-6),
    // The divisors' floors make a picture without any detail a blurred one, not one of rounding noise.
    sharpnessFine: Math.log((fine + 1e-6) / (middle + 5e-4)),
    sharpnessCoarse: Math.log((middle + 1e-6) / (coarse + 2e-3)),
  };
}

function energyOf(luma: Plane): number {
  return mean(detailEnergy(luma).data);
}

function edgesOf(fine: Gradients, middle: Gradients) {
  const cells = cellMeans(middle.magnitude, 8, 5).data;
  const total = cells.reduce((sum, cell) => sum + cell, 1e-6);
  const shares = cells.map((cell) => cell / total);
  const flat = shares.map((share) => (share > 0 ? -share * Math.log(share) : 0));
  const centred = shares.reduce((sum, share, at) => sum + (isMiddle(at) ? share : 0), 0);
  return {
    edgesFine: shareAbove(fine.magnitude.data, 0.04),
    edges: shareAbove(middle.magnitude.data, 0.06),
    gradient: Math.log(mean(middle.magnitude.data) + 1e-3),
    detailEvenness: flat.reduce((sum, part) => sum + part, 0) / Math.log(cells.length),
    detailCentred: centred,
    orientation: balance(middle),
  };
}

/** Whether a cell of the 8x5 grid lies in its middle 4x3. */
function isMiddle(cell: number): boolean {
  const [column, row] = [cell % 8, Math.floor(cell / 8)];
  return column >= 2 && column < 6 && row >= 1 && row < 4;
}

/** Soft share of values above a threshold: v^2 / (v^2 + threshold^2). */
function shareAbove(values: Float32Array, threshold: number): number {
  const square = threshold ** 2;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const value = (values[at] as number) ** 2;
    sum += value / (value + square);
  }
  return sum / values.length;
}

/** Energy of gradients across less that of gradients down, of both, -1 to 1. */
function balance({ across, down }: Gradients): number {
  const [right, below] = [meanSquare(across.data), meanSquare(down.data)];
  return (right - below) / (right + below + 1e-9);
}

function subjectOf({ data, width, height }: Plane) {
  const area = mean(data);
  let [columns, squares] = [0, 0];
  for (let at = 0; at < data.length; at++) {
    const column = (at % width) / (width - 1) - 0.5;
    const row = Math.floor(at / width) / (height - 1) - 0.5;
    columns += (data[at] as number) * column;
    squares += (data[at] as number) * (column * column + row * row);
  }
  const mass = area * data.length + 1e-3;
  return { subjectArea: area, subjectColumn: columns / mass, subjectCentred: Math.sqrt(squares / mass) };
}

/** Quantile of values in 0-1, to a thousandth: counting them is ten times as fast as sorting. */
function quantile(values: Float32Array, share: number): number {
  const counts = new Uint32Array(1001);
  for (let at = 0; at < values.length; at++) {
    const bin = Math.round((values[at] as number) * 1000);
    counts[bin] = (counts[bin] as number) + 1;
  }
  let bin = 0;
  for (let below = counts[0] as number; below <= share * (values.length - 1); below += counts[bin] as number) bin++;
  return bin / 1000;
}
