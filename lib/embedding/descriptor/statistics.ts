import { colourOf } from "./colour";
import { sharpnessOf } from "./detail";
import { edgesOf } from "./edges";
import type { Gradients } from "./gradients";
import { lightOf } from "./light";
import type { Plane, Planes } from "./planes";
import { subjectOf } from "./subject";

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
