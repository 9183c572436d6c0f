import type { Pixels } from "../encoder";
import {
  cellDeviations,
  cellMeans,
  computeGradients,
  makePlanes,
  orientationHistograms,
  type Plane,
  type Planes,
} from "./planes";
import { computeStatistics, detailEnergy, type Statistics, subjectMap } from "./statistics";

/** Measurements of a picture, in their own units. */
export interface Features {
  /** Mean luma, Cb and Cr of an 8x5 grid, [3, 5, 8]. */
  layout: Three<Float32Array>;
  /** Standard deviation of luma in the cells of the same grid. */
  texture: Float32Array;
  /** Orientation histograms in the cells of the same grid, [6, 5, 8]. */
  orientations: Float32Array;
  /** Log detail energy of a 4x3 grid at 320x180, 160x90, 80x45, [3, 3, 4]. */
  detail: Three<Float32Array>;
  /** Mean of the subject map in the 8x5 grid. */
  subject: Float32Array;
  /** Luma 16, chroma 12, hue 15. */
  histograms: Float32Array;
  statistics: Statistics;
}

type Three<Value> = [Value, Value, Value];

const COLUMNS = 8;
const ROWS = 5;
export const ORIENTATIONS = 6;

const LUMA_BINS = 16;
const CHROMA_BINS = 12;
const HUE_BINS = 15;
/** Chroma of the last chroma bin. */
const FULL_CHROMA = 0.4;

export function computeFeatures(pixels: Pixels): Features {
  const planes = makePlanes(pixels);
  const { luma, blue, red } = planes;
  const fine = computeGradients(luma[0]);
  const middle = computeGradients(luma[1]);
  const subject = subjectMap(planes);
  const energies = threeOf(luma, detailEnergy);
  return {
    layout: [grid(luma[1]), grid(blue), grid(red)],
    texture: cellDeviations(luma[1], COLUMNS, ROWS).data,
    orientations: orientationHistograms(middle, ORIENTATIONS, COLUMNS, ROWS),
    detail: threeOf(energies, detailGrid),
    subject: grid(subject),
    histograms: colourHistograms(planes),
    statistics: computeStatistics(planes, energies, fine, middle, subject),
  };
}

function grid(values: Plane): Float32Array {
  return cellMeans(values, COLUMNS, ROWS).data;
}

function threeOf<From, To>([a, b, c]: Three<From>, make: (value: From) => To): Three<To> {
  return [make(a), make(b), make(c)];
}

function detailGrid(energy: Plane): Float32Array {
  return cellMeans(energy, 4, 3).data.map((mean) => Math.log(mean + 1e-6));
}

/** Shares of pixels by luma (16) and by chroma (12), and of chroma by hue (15): 43 numbers, each soft-binned. */
export function colourHistograms({ luma, blue, red }: Planes): Float32Array {
  const lumas = new Float32Array(LUMA_BINS);
  const chromas = new Float32Array(CHROMA_BINS);
  const hues = new Float32Array(HUE_BINS);
  const share = 1 / blue.data.length;
  for (let i = 0; i < blue.data.length; i++) {
    const cb = blue.data[i]!;
    const cr = red.data[i]!;
    const chroma = Math.sqrt(cb * cb + cr * cr);
    vote(lumas, luma[1].data[i]! * (LUMA_BINS - 1), share);
    vote(chromas, Math.min(chroma / FULL_CHROMA, 1) * (CHROMA_BINS - 1), share);
    vote(hues, (Math.atan2(cr, cb) / (2 * Math.PI) + 0.5) * HUE_BINS, share * chroma);
  }
  return Float32Array.of(...lumas, ...chromas, ...hues);
}

/** Adds a weight at a fractional bin, split between its two neighbours; the first bin follows the last. */
function vote(bins: Float32Array, place: number, weight: number): void {
  const lower = Math.floor(place);
  const upper = place - lower;
  const here = lower % bins.length;
  const next = (lower + 1) % bins.length;
  bins[here]! += weight * (1 - upper);
  bins[next]! += weight * upper;
}
