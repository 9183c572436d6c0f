import { concatenated } from "../../base";
import { completed } from "../completion";
import type { Features } from "./features";
import { statisticResponses } from "./scales";

/** Numbers in a descriptor, the completing one included. */
export const DESCRIPTOR_DIMENSIONS = 768;

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
/** A block of an unusual picture grows no longer than this many times its share; the sum stays below 1. */
const LARGEST = 1.6;

/**
 * The picture in 768 numbers, length 1: statistics of the whole (248), colour layout (120), texture (40), gradient
 * orientations (240), detail by size (36), subject (40), colour histograms (43), completion (1). Blocks are centred
 * and scaled by fixed constants, measured on real thumbnails.
 */
export function descriptorOf(features: Features): Float32Array {
  const [luma, blue, red] = features.layout;
  const layout = [scaled(luma, 0.48, 0.22), scaled(blue, -0.02, 0.075), scaled(red, 0.02, 0.075)];
  const [fine, middle, coarse] = features.detail;
  const detail = [scaled(fine, -6.2, 1.5), scaled(middle, -4.4, 1.5), scaled(coarse, -3.2, 1.5)];
  return completed(
    concatenated([
      // A statistic's responses have a squared length of about 0.9.
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

/** Square roots of the votes, length 1, less their even distribution: where edges lie and point, not how many. */
function patterned(votes: Float32Array): Float32Array {
  const total = votes.reduce((sum, vote) => sum + vote, 1e-6);
  const even = Math.sqrt(1 / votes.length);
  return votes.map((vote) => Math.sqrt(vote / total) - even);
}

function histograms(bins: Float32Array): Float32Array[] {
  return [bins.subarray(0, 16), bins.subarray(16, 28), bins.subarray(28)].map(patterned);
}
