import type { Pixels } from "../encoder";
import { detailEnergy } from "./detail";
import { gradientsOf, orientationHistograms } from "./gradients";
import { cellDeviations, cellMeans } from "./grid";
import { colourHistograms } from "./histograms";
import { type Plane, planesOf } from "./planes";
import { type Statistics, statisticsOf } from "./statistics";
import { subjectMap } from "./subject";

/** What is measured in a picture, in its own units. */
export interface Features {
  /** Mean luma, Cb and Cr of an 8x5 grid, [3, 5, 8]. */
  layout: Three;
  /** Deviation of luma in the same grid. */
  texture: Float32Array;
  /** Orientation histograms of the same grid, [6, 5, 8]. */
  orientations: Float32Array;
  /** Log detail energy of a 4x3 grid at 320x180, 160x90, 80x45, [3, 3, 4]. */
  detail: Three;
  /** Mean of the subject map in the 8x5 grid. */
  subject: Float32Array;
  /** Luma 16, chroma 12, hue 15. */
  histograms: Float32Array;
  statistics: Statistics;
}

type Three = [Float32Array, Float32Array, Float32Array];

const COLUMNS = 8;
const ROWS = 5;
export const ORIENTATIONS = 6;

/** Measures a picture. */
export function featuresOf(pixels: Pixels): Features {
  const planes = planesOf(pixels);
  const { luma, blue, red } = planes;
  const fine = gradientsOf(luma[0]);
  const middle = gradientsOf(luma[1]);
  const subject = subjectMap(planes);
  return {
    layout: [grid(luma[1]), grid(blue), grid(red)],
    texture: cellDeviations(luma[1], COLUMNS, ROWS).data,
    orientations: orientationHistograms(middle, ORIENTATIONS, COLUMNS, ROWS),
    detail: [detailGrid(luma[0]), detailGrid(luma[1]), detailGrid(luma[2])],
    subject: grid(subject),
    histograms: colourHistograms(planes),
    statistics: statisticsOf(planes, fine, middle, subject),
  };
}

function grid(values: Plane): Float32Array {
  return cellMeans(values, COLUMNS, ROWS).data;
}

function detailGrid(luma: Plane): Float32Array {
  return cellMeans(detailEnergy(luma), 4, 3).data.map((energy) => Math.log(energy + 1e-6));
}
