import { completed } from "../completion";
import type { Features } from "./features";
import { concatenated } from "./gradients";
import { statisticResponses } from "./scales";

/** Numbers in a descriptor, the completing one included. */
export const DESCRIPTOR_DIMENSIONS = 768;

/** Part of the squared length each block has on a typical picture; together below 1, so that most are completed. */
const SHARES = {
  statistics: 0.42,
  layout: 0.14,
  texture: 0.03,
  orientations: 0.08,
  detail: 0.08,
  subject: 0.06,
  histograms: 0.04,
};

/**
 * The picture in 768 numbers, length 1: statistics of the whole (248), colour layout (120), texture (40), gradient
 * orientations (240), detail by size (36), subject (40), colour histograms (43), completion (1). Blocks are centred
 * and scaled by fixed constants, measured on real thumbnails.
 */
export function descriptorOf(features: Features): Float32Array {
  const [luma, blue, red] = features.layout as [Float32Array, Float32Array, Float32Array];
  const layout = [scaled(luma, 0.48, 0.22), scaled(blue, -0.02, 0.075), scaled(red, 0.02, 0.075)];
  const [fine, middle, coarse] = features.detail as [Float32Array, Float32Array, Float32Array];
  const detail = [scaled(fine, -6.2, 1.5), scaled(middle, -4.4, 1.5), scaled(coarse, -3.2, 1.5)];
  return completed(
    concatenated([
      // A statistic's responses have a squared length of about 0.9.
      weighted(statisticResponses(features.statistics), SHARES.statistics / (31 * 0.9)),
      weighted(concatenated(layout), SHARES.layout / 120),
      weighted(scaled(features.texture, 0.15, 0.085), SHARES.texture / 40),
      weighted(patterned(features.orientations), SHARES.orientations),
      weighted(concatenated(detail), SHARES.detail / 36),
      weighted(scaled(features.subject, 0.5, 0.24), SHARES.subject / 40),
      // The squared length of three centred square-rooted histograms is about 1.
      weighted(concatenated(histograms(features.histograms)), SHARES.histograms),
    ]),
  );
}

function weighted(block: Float32Array, share: number): Float32Array {
  return block.map((value) => value * Math.sqrt(share));
}

function scaled(block: Float32Array, centre: number, spread: number): Float32Array {
  return block.map((value) => Math.max(-3, Math.min(3, (value - centre) / spread)));
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
