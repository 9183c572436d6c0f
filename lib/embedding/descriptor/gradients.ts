import { cellMeans } from "./grid";
import { type Plane, plane } from "./planes";

/** Brightness gradients by central differences; the outermost pixels have none. */
export interface Gradients {
  /** Length, luma a pixel. */
  magnitude: Plane;
  /** Direction of steepest change modulo a half turn, 0 to pi; 0 is across a vertical edge. */
  angle: Plane;
}

/** Gradients of a luma plane. */
export function gradientsOf({ data, width, height }: Plane): Gradients {
  const [magnitude, angle] = [plane(width, height), plane(width, height)];
  for (let row = 1; row < height - 1; row++) {
    for (let at = row * width + 1; at < row * width + width - 1; at++) {
      const across = ((data[at + 1] as number) - (data[at - 1] as number)) / 2;
      const down = ((data[at + width] as number) - (data[at - width] as number)) / 2;
      magnitude.data[at] = Math.sqrt(across * across + down * down);
      const turn = Math.atan2(down, across);
      angle.data[at] = turn < 0 ? turn + Math.PI : turn;
    }
  }
  return { magnitude, angle };
}

/**
 * Histograms of oriented gradients (Dalal and Triggs 2005, without overlapping blocks): for each cell the magnitude
 * at each orientation, shared between the two nearest.
 * @returns [bins, rows, columns]
 */
export function orientationHistograms(
  { magnitude, angle }: Gradients,
  bins: number,
  columns: number,
  rows: number,
): Float32Array {
  const { width, height } = magnitude;
  const votes = Array.from({ length: bins }, () => plane(width, height));
  for (let at = 0; at < magnitude.data.length; at++) {
    const length = magnitude.data[at] as number;
    if (length === 0) continue;
    const place = ((angle.data[at] as number) / Math.PI) * bins;
    const upper = place - Math.floor(place);
    (votes[Math.floor(place) % bins] as Plane).data[at] = length * (1 - upper);
    (votes[(Math.floor(place) + 1) % bins] as Plane).data[at] = length * upper;
  }
  return concatenated(votes.map((vote) => cellMeans(vote, columns, rows).data));
}

/** Lists put behind one another. */
export function concatenated(lists: Float32Array[]): Float32Array {
  const all = new Float32Array(lists.reduce((length, list) => length + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
