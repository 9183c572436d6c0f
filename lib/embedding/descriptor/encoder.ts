import { concatenated } from "../../base";
import type { EncoderIdentity } from "../../store";
import type { decodeThumbnail, Pixels, ThumbnailSource } from "../../thumbnails";
import { withoutBlackBars } from "../black-bars";
import { completed, type ImageEncoder, isPixels, meansOfRows } from "../encoder";
import { chooseGeometry, fitPixels, type Geometry, geometryWords, type SquareGeometry, squaresOf } from "../geometry";
import { computeFeatures, type Features } from "./features";
import { framed } from "./planes";
import type { Statistics } from "./statistics";

/** Length of a descriptor, including the completing number. */
const DESCRIPTOR_DIMENSIONS = 768;

const AFTER_TURNING = "no-black-bars, bilinear 320x180";
/** Change the revision whenever a vector changes. */
const IDENTITY: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "2",
  preprocessing: `upright, ${AFTER_TURNING}`,
  normalisation: "l2",
  dimensions: DESCRIPTOR_DIMENSIONS,
};
/** The descriptor's preprocessing by geometry; a square is stretched to the frame that is measured. */
const PREPROCESSING: Record<SquareGeometry | "full", string> = {
  full: IDENTITY.preprocessing,
  crop: inSquares("crop"),
  squash: inSquares("squash"),
  letterbox: inSquares("letterbox"),
  crops: inSquares("crops"),
};
/** The version before pictures were turned upright. */
const AS_STORED: EncoderIdentity = { ...IDENTITY, revision: "1", preprocessing: AFTER_TURNING };
/** JPEG pictures are decoded no larger than necessary. */
const KEEP_WIDTH = 640;
/**
 * Pictures that are larger after decoding are reduced to the frame that is measured, so that a batch takes little
 * memory.
 */
const KEEP_PIXELS = 640 * 480;

/** Squared length of each block on a typical picture. */
const SHARES = {
  statistics: 0.34,
  layout: 0.1,
  texture: 0.03,
  orientations: 0.03,
  detail: 0.04,
  subject: 0.04,
  histograms: 0.04,
};
/** A block of an unusual picture is limited to this many times its share; the sum stays below 1. */
const LARGEST = 1.6;

/** Centre and spread (about 1.5 standard deviations) of each statistic over real thumbnails, rounded. */
const SCALES: Record<keyof Statistics, readonly [centre: number, spread: number]> = {
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

/** Amplitudes of the frequencies that encode a statistic: low frequencies count most. */
const AMPLITUDES = [1, 0.5, 0.3, 0.2] as const;

/**
 * Opens the built-in picture encoder: light, colour, sharpness, edges and their layout; no download, the same vectors
 * on every machine.
 * @param decodePicture the decoder: that of lib/thumbnails, or a browser's
 * @param wanted preprocessing of another geometry or an earlier version, if that is wanted; else a geometry
 * @throws GeometryUnsupported
 */
export function openDescriptor(
  decodePicture: typeof decodeThumbnail,
  wanted: { preprocessing?: string | undefined; geometry?: Geometry | undefined } = {},
): ImageEncoder {
  const geometry = chooseGeometry("descriptor", PREPROCESSING, wanted) ?? "full";
  const identity =
    wanted.preprocessing === AS_STORED.preprocessing
      ? AS_STORED
      : { ...IDENTITY, preprocessing: PREPROCESSING[geometry] };
  const options = { keepWidth: KEEP_WIDTH, asStored: identity === AS_STORED };
  const kept = (pixels: Pixels) => (geometry === "full" ? reduced(pixels) : fitPixels(pixels, geometry));
  const decode = (source: ThumbnailSource) =>
    decodePicture(source, options, (pixels) => kept(withoutBlackBars(pixels)));
  return {
    identity,
    decode,
    async encode(batch) {
      const vectors = new Float32Array(batch.length * DESCRIPTOR_DIMENSIONS);
      for (const [row, item] of batch.entries()) {
        const pixels = isPixels(item) ? item : await decode(item);
        const views = geometry === "full" ? [pixels] : squaresOf(pixels, geometry);
        const rows = concatenated(views.map((view) => toDescriptor(computeFeatures(view))));
        vectors.set(meansOfRows(rows, views.length, DESCRIPTOR_DIMENSIONS), row * DESCRIPTOR_DIMENSIONS);
      }
      return vectors;
    },
    close: async () => {},
  };
}

function inSquares(geometry: SquareGeometry): string {
  return `upright, no-black-bars, pillow-bicubic 224, ${geometryWords(geometry)}, bilinear 320x180`;
}

function reduced(pixels: Pixels): Pixels {
  return pixels.width * pixels.height > KEEP_PIXELS ? framed(pixels) : pixels;
}

/**
 * Describes a picture in 768 numbers of length 1: statistics of the whole (248), colour layout (120), texture (40),
 * gradient orientations (240), detail by size (36), subject (40), colour histograms (43), completion (1). Blocks are
 * centred and scaled by fixed constants, measured on real thumbnails.
 */
function toDescriptor(features: Features): Float32Array {
  const [luma, blue, red] = features.layout;
  const layout = [scaled(luma, 0.48, 0.22), scaled(blue, -0.02, 0.075), scaled(red, 0.02, 0.075)];
  const [fine, middle, coarse] = features.detail;
  const detail = [scaled(fine, -6.2, 1.5), scaled(middle, -4.4, 1.5), scaled(coarse, -3.2, 1.5)];
  return completed(
    concatenated([
      // The responses of one statistic have a squared length of about 0.9.
      block(statisticResponses(features.statistics), 31 * 0.9, SHARES.statistics),
      block(concatenated(layout), 120, SHARES.layout),
      block(scaled(features.texture, 0.15, 0.085), 40, SHARES.texture),
      block(patterned(features.orientations), 0.2, SHARES.orientations),
      block(concatenated(detail), 36, SHARES.detail),
      block(scaled(features.subject, 0.5, 0.24), 40, SHARES.subject),
      block(concatenated(histograms(features.histograms)), 1.25, SHARES.histograms),
    ]),
  );
}

/** Scales a block whose squared length is typically `usual` to its share. */
function block(values: Float32Array, usual: number, share: number): Float32Array {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  const scale = Math.sqrt(share / Math.max(usual, squares / LARGEST));
  return values.map((value) => value * scale);
}

function scaled(values: Float32Array, centre: number, spread: number): Float32Array {
  return values.map((value) => Math.max(-3, Math.min(3, (value - centre) / spread)));
}

/**
 * Square roots of the votes at length 1, minus the uniform distribution: where edges are and how they are oriented, not
 * how many.
 */
function patterned(votes: Float32Array): Float32Array {
  const total = votes.reduce((sum, vote) => sum + vote, 1e-6);
  const even = Math.sqrt(1 / votes.length);
  return votes.map((vote) => Math.sqrt(vote / total) - even);
}

function histograms(bins: Float32Array): Float32Array[] {
  return [bins.subarray(0, 16), bins.subarray(16, 28), bins.subarray(28)].map(patterned);
}

/**
 * Encodes each statistic as sines and cosines of k pi u / 2, k = 1 to 4, u being the statistic squashed to -1 to 1. A
 * linear model can follow the statistic itself, or any smooth function of it. The responses' length hardly changes, so
 * normalising the whole takes nothing from the other blocks. Cosines are centred at their mean over uniform u.
 * @returns [31, 8]
 */
function statisticResponses(statistics: Statistics): Float32Array {
  const names = Object.keys(SCALES) as (keyof Statistics)[];
  return Float32Array.from(names.flatMap((name) => responses(squash(statistics[name], SCALES[name]))));
}

function responses(u: number): number[] {
  return AMPLITUDES.flatMap((amplitude, index) => {
    const frequency = ((index + 1) * Math.PI) / 2;
    const centre = Math.sin(frequency) / frequency;
    return [amplitude * Math.sin(frequency * u), amplitude * (Math.cos(frequency * u) - centre)];
  });
}

function squash(value: number, [centre, spread]: readonly [number, number]): number {
  const z = (value - centre) / spread;
  return z / Math.sqrt(1 + z * z);
}
