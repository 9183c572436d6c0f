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
  const [across, down, magnitude] = [plane(width, height), plane(width, height), plane(width, height)];
  for (let row = 1; row < height - 1; row++) {
    for (let at = row * width + 1; at < row * width + width - 1; at++) {
      const right = ((data[at + 1] as number) - (data[at - 1] as number)) / 2;
      const below = ((data[at + width] as number) - (data[at - width] as number)) / 2;
      across.data[at] = right;
      down.data[at] = below;
      magnitude.data[at] = Math.sqrt(right * right + below * below);
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
  for (let at = 0; at < magnitude.data.length; at++) {
    const length = magnitude.data[at] as number;
    if (length === 0) continue;
    const place = (Math.atan2(down.data[at] as number, across.data[at] as number) / Math.PI + 1) * bins;
    const lower = Math.floor(place);
    (votes[lower % bins] as Plane).data[at] = length * (1 - (place - lower));
    (votes[(lower + 1) % bins] as Plane).data[at] = length * (place - lower);
  }
  return concatenated(votes.map((vote) => cellMeans(vote, columns, rows).data));
}
