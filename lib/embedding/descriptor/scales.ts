import type { Statistics } from "./statistics";

/** Centre and spread (about 1.5 standard deviations) of each statistic over real thumbnails, rounded. */
export const SCALES: Record<keyof Statistics, readonly [centre: number, spread: number]> = {
  brightness: [0.48, 0.2],
  contrast: [0.23, 0.08],
  shadows: [0.12, 0.15],
  midtones: [0.48, 0.25],
  highlights: [0.85, 0.15],
  range: [0.72, 0.2],
  leftRight: [0, 0.17],
  topBottom: [0, 0.18],
  saturation: [0.09, 0.08],
  saturationSpread: [0.07, 0.05],
  saturationHigh: [0.2, 0.15],
  colourfulness: [0.12, 0.09],
  blueness: [-0.02, 0.07],
  redness: [0.02, 0.07],
  warmth: [0.04, 0.12],
  warmthSpread: [0.12, 0.09],
  skin: [0.15, 0.15],
  detailFine: [-6.2, 1.5],
  detailMiddle: [-4.4, 1.4],
  detailCoarse: [-3.1, 1.2],
  sharpnessFine: [-2.1, 0.7],
  sharpnessCoarse: [-1.5, 0.8],
  edgesFine: [0.28, 0.16],
  edges: [0.32, 0.16],
  gradient: [-2.9, 0.6],
  detailEvenness: [0.93, 0.08],
  detailCentred: [0.37, 0.13],
  orientation: [0, 0.2],
  subjectArea: [0.5, 0.22],
  subjectColumn: [0, 0.04],
  subjectCentred: [0.38, 0.05],
};

/** Amplitudes of the frequencies a statistic is written in: low ones speak loudest. */
const AMPLITUDES = [1, 0.5, 0.3, 0.2] as const;

/**
 * Writes each statistic as sines and cosines of k pi u / 2, k = 1 to 4, u being the statistic squashed to -1 to 1:
 * a straight line in these can follow it as it is, or any smooth function of it, and their length hardly changes,
 * so that normalising the whole takes nothing from the rest. Cosines are centred at their mean over even u.
 * @returns [31, 8]
 */
export function statisticResponses(statistics: Statistics): Float32Array {
  const names = Object.keys(SCALES) as (keyof Statistics)[];
  return Float32Array.from(names.flatMap((name) => responses(squashed(statistics[name], SCALES[name]))));
}

function responses(u: number): number[] {
  return AMPLITUDES.flatMap((amplitude, index) => {
    const frequency = ((index + 1) * Math.PI) / 2;
    const centre = Math.sin(frequency) / frequency;
    return [amplitude * Math.sin(frequency * u), amplitude * (Math.cos(frequency * u) - centre)];
  });
}

function squashed(value: number, [centre, spread]: readonly [number, number]): number {
  const z = (value - centre) / spread;
  return z / Math.sqrt(1 + z * z);
}
