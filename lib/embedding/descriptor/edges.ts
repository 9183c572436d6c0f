import type { Gradients } from "./gradients";
import { cellMeans, mean, meanSquare } from "./grid";

/** How many edges there are, where and in which direction. */
export function edgesOf(fine: Gradients, middle: Gradients) {
  const cells = cellMeans(middle.magnitude, 8, 5).data;
  const total = cells.reduce((sum, cell) => sum + cell, 1e-6);
  const shares = cells.map((cell) => cell / total);
  const flat = shares.map((share) => (share > 0 ? -share * Math.log(share) : 0));
  const centred = shares.reduce((sum, share, i) => sum + (isMiddle(i) ? share : 0), 0);
  return {
    edgesFine: shareAbove(fine.magnitude.data, 0.04),
    edges: shareAbove(middle.magnitude.data, 0.06),
    gradient: Math.log(mean(middle.magnitude.data) + 1e-3),
    detailEvenness: flat.reduce((sum, part) => sum + part, 0) / Math.log(cells.length),
    detailCentred: centred,
    orientation: balance(middle),
  };
}

/** Whether a cell of the 8x5 grid lies in its middle 4x3. */
function isMiddle(cell: number): boolean {
  const column = cell % 8;
  const row = Math.floor(cell / 8);
  return column >= 2 && column < 6 && row >= 1 && row < 4;
}

/** Soft share of values above a threshold: v^2 / (v^2 + threshold^2). */
function shareAbove(values: Float32Array, threshold: number): number {
  const square = threshold ** 2;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! ** 2;
    sum += value / (value + square);
  }
  return sum / values.length;
}

/** Energy of gradients across less that of gradients down, of both, -1 to 1. */
function balance({ across, down }: Gradients): number {
  const right = meanSquare(across.data);
  const below = meanSquare(down.data);
  return (right - below) / (right + below + 1e-9);
}
