import { PCA } from "ml-pca";
import { dot } from "../base";
import { leadingDirections } from "./directions";

/** A place on a map. */
export interface Place2D {
  x: number;
  y: number;
}

/**
 * Projects vectors onto the two directions in which they differ most (PCA). The same vectors give the same map: the
 * sign of a direction, which PCA leaves open, is chosen so that its largest component is positive.
 */
export function projectTo2D(vectors: readonly ArrayLike<number>[]): Place2D[] {
  const rows = centred(vectors);
  const directions = leadingDirections(rows, 2);
  if (directions.length === 0) return rows.map(() => ({ x: 0, y: 0 }));
  const within = rows.map((row) => directions.map((direction) => dot(row, direction)));
  const axes = new PCA(within, { center: false }).getEigenvectors().transpose().to2DArray();
  const [a, b] = axes.slice(0, 2).map((axis) => axis.map((part) => part * signOf(combined(directions, axis))));
  const along = (axis: readonly number[] = [], row: readonly number[]) =>
    axis.reduce((sum, part, i) => sum + part * (row[i] ?? 0), 0);
  return within.map((row) => ({ x: along(a, row), y: along(b, row) }));
}

function centred(vectors: readonly ArrayLike<number>[]): Float64Array[] {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (vector[i] ?? 0);
  return vectors.map((vector) => mean.map((sum, i) => (vector[i] ?? 0) - sum / vectors.length));
}

/** Converts weights of the directions to a direction in the vectors' own space. */
function combined(directions: readonly Float64Array[], weights: readonly number[]): number[] {
  const parts = Array.from(directions[0] ?? [], (_, i) => i);
  return parts.map((i) => directions.reduce((sum, one, which) => sum + (weights[which] ?? 0) * (one[i] ?? 0), 0));
}

const signOf = (direction: readonly number[]): number =>
  Math.sign(direction.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0)) || 1;
