import * as tf from "@tensorflow/tfjs";
import type { PatchGrid } from "./config";

/** PyTorch's coefficient of the cubic kernel. */
const A = -0.75;

/**
 * Interpolates position embeddings from one grid to another as `transformers` does with `interpolate_pos_encoding`:
 * bicubic, `align_corners=False`, without antialiasing; the class token's stays. Equal grids change nothing.
 * @param embedding [from.rows * from.columns + 1, width]
 * @returns [to.rows * to.columns + 1, width]
 */
export function interpolatePositions(embedding: tf.Tensor2D, from: PatchGrid, to: PatchGrid): tf.Tensor2D {
  if (from.rows === to.rows && from.columns === to.columns) return embedding;
  const [tokens, width] = embedding.shape;
  const patches = tf.slice(embedding, [1, 0], [tokens - 1, width]);
  const matrix = tf.tensor2d(gridWeights(from, to), [to.rows * to.columns, tokens - 1]);
  return tf.concat([tf.slice(embedding, [0, 0], [1, width]), tf.matMul(matrix, patches)], 0);
}

/** The same with plain numbers, for exports. @param values [from.rows * from.columns + 1, width] */
export function positionValues(values: Float32Array, width: number, from: PatchGrid, to: PatchGrid): Float32Array {
  if (from.rows === to.rows && from.columns === to.columns) return values;
  const patches = from.rows * from.columns;
  const result = new Float32Array((to.rows * to.columns + 1) * width);
  result.set(values.subarray(0, width));
  for (const [place, weight] of gridWeights(from, to).entries()) {
    if (weight === 0) continue;
    const target = (1 + Math.floor(place / patches)) * width;
    const source = (1 + (place % patches)) * width;
    for (let i = 0; i < width; i++) result[target + i]! += weight * values[source + i]!;
  }
  return result;
}

/** How much of each patch of one grid goes into each of another. @returns [patches of `to`, patches of `from`] */
function gridWeights(from: PatchGrid, to: PatchGrid): Float32Array {
  const down = axisWeights(from.rows, to.rows);
  const across = axisWeights(from.columns, to.columns);
  const weights = new Float32Array(to.rows * to.columns * from.rows * from.columns);
  let at = 0;
  for (const rowWeights of down)
    for (const columnWeights of across)
      for (const row of rowWeights) for (const column of columnWeights) weights[at++] = row * column;
  return weights;
}

/** @returns for each of the new places, the weights of the old ones */
function axisWeights(from: number, to: number): number[][] {
  return Array.from({ length: to }, (_, place) => {
    const centre = ((place + 0.5) * from) / to - 0.5;
    const first = Math.floor(centre) - 1;
    const weights: number[] = new Array(from).fill(0);
    for (let tap = first; tap < first + 4; tap++) {
      const inside = Math.min(Math.max(tap, 0), from - 1);
      weights[inside] = (weights[inside] ?? 0) + cubic(Math.abs(centre - tap));
    }
    return weights;
  });
}

function cubic(distance: number): number {
  if (distance <= 1) return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
  return distance < 2 ? ((distance - 5) * distance + 8) * distance * A - 4 * A : 0;
}
