import type { Planes } from "./planes";

const LUMA_BINS = 16;
const CHROMA_BINS = 12;
const HUE_BINS = 15;
/** Chroma of the last chroma bin. */
const FULL_CHROMA = 0.4;

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

/** Adds a weight at a fractional bin, shared between its neighbours; the last bin is followed by the first. */
function vote(bins: Float32Array, place: number, weight: number): void {
  const lower = Math.floor(place);
  const upper = place - lower;
  const here = lower % bins.length;
  const next = (lower + 1) % bins.length;
  bins[here]! += weight * (1 - upper);
  bins[next]! += weight * upper;
}
