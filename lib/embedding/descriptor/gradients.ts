import { concatenated } from "../../base";
import { cellMeans } from "./grid";
import { type Plane, plane } from "./planes";

/** Brightness gradients by central differences; the outermost pixels have none. */
export interface Gradients {
  /** Luma a pixel, to the right and down. */
  across: Plane;
  down: Plane;
  /** Their length. */
  magnitude: Plane;
}

/** Gradients of a luma plane. */
export function gradientsOf({ data, width, height }: Plane): Gradients {
  const across = plane(width, height);
  const down = plane(width, height);
  const magnitude = plane(width, height);
  for (let row = 1; row < height - 1; row++) {
    for (let i = row * width + 1; i < row * width + width - 1; i++) {
      const right = (data[i + 1]! - data[i - 1]!) / 2;
      const below = (data[i + width]! - data[i - width]!) / 2;
      across.data[i] = right;
      down.data[i] = below;
      magnitude.data[i] = Math.sqrt(right * right + below * below);
    }
  }
  return { across, down, magnitude };
}

/**
 * Histograms of oriented gradients (Dalal and Triggs 2005, without overlapping blocks): for each cell the magnitude
 * at each orientation, shared between the two nearest. Orientations are modulo a half turn; the first is that of a
 * vertical edge.
 * @returns [bins, rows, columns]
 */
export function orientationHistograms(
  { across, down, magnitude }: Gradients,
  bins: number,
  columns: number,
  rows: number,
): Float32Array {
  const { width, height } = magnitude;
  const votes = Array.from({ length: bins }, () => plane(width, height));
  for (let i = 0; i < magnitude.data.length; i++) {
    const length = magnitude.data[i]!;
    if (length === 0) continue;
    const place = (Math.atan2(down.data[i]!, across.data[i]!) / Math.PI + 1) * bins;
    const lower = Math.floor(place);
    votes[lower % bins]!.data[i] = length * (1 - (place - lower));
    votes[(lower + 1) % bins]!.data[i] = length * (place - lower);
  }
  return concatenated(votes.map((vote) => cellMeans(vote, columns, rows).data));
}
