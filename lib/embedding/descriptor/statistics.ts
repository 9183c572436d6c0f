import type { Gradients } from "./planes";
import { cellMeans, countedQuantile, deviation, mean, meanSquare, type Plane, type Planes, plane } from "./planes";

/**
 * The descriptor's statistics of the whole picture, each roughly normal on real thumbnails (logarithms of energies).
 */
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
  /** Logs of their ratios: sharpness, independent of contrast. */
  sharpnessFine: number;
  sharpnessCoarse: number;
  /** Shares of pixels on an edge at 320x180 and at 160x90. */
  edgesFine: number;
  edges: number;
  gradient: number;
  /** How evenly detail is spread over the cells of an 8x5 grid: its entropy, 0-1. */
  detailEvenness: number;
  /** Share of detail in the middle of the picture. */
  detailCentred: number;
  /** Horizontal against vertical gradients, -1 to 1. */
  orientation: number;
  /** Area of the subject, its distance from the centre, its spread. */
  subjectArea: number;
  subjectColumn: number;
  subjectCentred: number;
  leftRight: number;
  topBottom: number;
  /** Share of skin-like colours. */
  skin: number;
}

/** Colour distance at which a pixel is half subject, half background. */
const HALF_DISTANCE = 0.15;

/**
 * Computes all statistics of a picture.
 * @param energies of detail at the three sizes of luma
 */
export function computeStatistics(
  planes: Planes,
  energies: [Plane, Plane, Plane],
  fine: Gradients,
  middle: Gradients,
  subject: Plane,
): Statistics {
  return {
    ...measureLight(planes.luma[1]),
    ...measureColour(planes),
    ...measureSharpness(energies),
    ...measureEdges(fine, middle),
    ...measureSubject(subject),
  };
}

/** Saturation, colourfulness and warmth of the whole picture. */
function measureColour({ blue, red }: Planes) {
  const count = blue.data.length;
  const chroma = new Float32Array(count);
  const warm = new Float32Array(count);
  const skin = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const cb = blue.data[i]!;
    const cr = red.data[i]!;
    chroma[i] = Math.sqrt(cb * cb + cr * cr);
    warm[i] = cr - cb;
    skin[i] = skinLikelihood(cb, cr);
  }
  const spread = Math.hypot(deviation(blue.data), deviation(red.data));
  return {
    saturation: mean(chroma),
    saturationSpread: deviation(chroma),
    saturationHigh: countedQuantile(chroma, 0.9),
    colourfulness: spread + 0.3 * Math.hypot(mean(blue.data), mean(red.data)),
    blueness: mean(blue.data),
    redness: mean(red.data),
    warmth: mean(warm),
    warmthSpread: deviation(warm),
    skin: mean(skin),
  };
}

/** Nearness to the middle of skin colours in Cb and Cr (Chai and Ngan 1999: Cb 77-127, Cr 133-173 of 255), 0-1. */
function skinLikelihood(cb: number, cr: number): number {
  return Math.exp(-0.5 * (((cb + 0.1) / 0.06) ** 2 + ((cr - 0.1) / 0.05) ** 2));
}

/** Brightness and contrast of the whole picture. */
function measureLight(luma: Plane) {
  const quarters = cellMeans(luma, 2, 2).data;
  const shadows = countedQuantile(luma.data, 0.05);
  const midtones = countedQuantile(luma.data, 0.5);
  const highlights = countedQuantile(luma.data, 0.95);
  const quarter = (at: number) => quarters[at]!;
  return {
    brightness: mean(luma.data),
    contrast: deviation(luma.data),
    shadows,
    midtones,
    highlights,
    range: highlights - shadows,
    leftRight: (quarter(1) + quarter(3) - quarter(0) - quarter(2)) / 2,
    topBottom: (quarter(2) + quarter(3) - quarter(0) - quarter(1)) / 2,
  };
}

/** How many edges there are, where they are and how they are oriented. */
function measureEdges(fine: Gradients, middle: Gradients) {
  const cells = cellMeans(middle.magnitude, 8, 5).data;
  const total = cells.reduce((sum, cell) => sum + cell, 1e-6);
  const shares = cells.map((cell) => cell / total);
  const flat = shares.map((share) => (share > 0 ? -share * Math.log(share) : 0));
  const centred = shares.reduce((sum, share, i) => sum + (isMiddle(i) ? share : 0), 0);
  return {
    edgesFine: shareAbove(fine.magnitude.data, 0.04),
    edges: shareAbove(middle.magnitude.data, 0.06),
    gradient: Math.log(mean(middle.magnitude.data) + 1e-3),
    detailEvenness: flat.reduce((sum, part) => sum + part, 0) / Math.log(cells.length),
    detailCentred: centred,
    orientation: balance(middle),
  };
}

/** Whether a cell of the 8x5 grid is in the middle 4x3 cells. */
function isMiddle(cell: number): boolean {
  const column = cell % 8;
  const row = Math.floor(cell / 8);
  return column >= 2 && column < 6 && row >= 1 && row < 4;
}

/** Soft share of values above a threshold: v^2 / (v^2 + threshold^2). */
function shareAbove(values: Float32Array, threshold: number): number {
  const square = threshold ** 2;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! ** 2;
    sum += value / (value + square);
  }
  return sum / values.length;
}

/** Energy of horizontal gradients minus that of vertical ones, divided by their sum, -1 to 1. */
function balance({ across, down }: Gradients): number {
  const right = meanSquare(across.data);
  const below = meanSquare(down.data);
  return (right - below) / (right + below + 1e-9);
}

/** Squared Laplacian (4 neighbours minus 4 times the centre): the energy of detail at this size of a picture. */
export function detailEnergy({ data, width, height }: Plane): Plane {
  const energy = plane(width, height);
  for (let row = 1; row < height - 1; row++) {
    for (let i = row * width + 1; i < row * width + width - 1; i++) {
      const sides = data[i - 1]! + data[i + 1]!;
      const ends = data[i - width]! + data[i + width]!;
      energy.data[i] = (sides + ends - 4 * data[i]!) ** 2;
    }
  }
  return energy;
}

/** Amount of detail at each size, and the ratios between sizes, which measure sharpness independently of contrast. */
function measureSharpness(energies: [Plane, Plane, Plane]) {
  const fine = mean(energies[0].data);
  const middle = mean(energies[1].data);
  const coarse = mean(energies[2].data);
  return {
    detailFine: Math.log(fine + 1e-6),
    detailMiddle: Math.log(middle + 1e-6),
    detailCoarse: Math.log(coarse + 1e-6),
    // With these floors a picture without any detail counts as blurred, and rounding noise does not matter.
    sharpnessFine: Math.log((fine + 1e-6) / (middle + 5e-4)),
    sharpnessCoarse: Math.log((middle + 1e-6) / (coarse + 2e-3)),
  };
}

/**
 * How different each pixel is from the picture's border, 0 (background) to 1 (subject): d^2 / (d^2 + 0.15^2), d being
 * the distance in luma and colour differences from the border's mean on the same row. [90, 160]
 */
export function subjectMap({ luma, blue, red }: Planes): Plane {
  const map = plane(blue.width, blue.height);
  for (let row = 0; row < map.height; row++) {
    const channels = [luma[1], blue, red].map(({ data, width }) => data.subarray(row * width, (row + 1) * width));
    const borders = channels.map(borderMean);
    for (let column = 0; column < map.width; column++) {
      let squares = 0;
      for (let channel = 0; channel < 3; channel++) {
        squares += (channels[channel]![column]! - borders[channel]!) ** 2;
      }
      map.data[row * map.width + column] = squares / (squares + HALF_DISTANCE ** 2);
    }
  }
  return map;
}

function borderMean(row: Float32Array): number {
  const border = row.length >> 4;
  return (mean(row.subarray(0, border)) + mean(row.subarray(row.length - border))) / 2;
}

/** Area and position of the subject in the subject map. */
function measureSubject({ data, width, height }: Plane) {
  const area = mean(data);
  let columns = 0;
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    const column = (i % width) / (width - 1) - 0.5;
    const row = Math.floor(i / width) / (height - 1) - 0.5;
    columns += data[i]! * column;
    squares += data[i]! * (column * column + row * row);
  }
  const mass = area * data.length + 1e-3;
  return { subjectArea: area, subjectColumn: columns / mass, subjectCentred: Math.sqrt(squares / mass) };
}
