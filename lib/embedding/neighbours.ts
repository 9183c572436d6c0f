/** A row of a matrix of vectors, and how close it is. */
export interface Neighbour {
  row: number;
  cosine: number;
}

/**
 * Cosine of the angle between two unit vectors: their dot product.
 * @param a [dimensions], length 1
 * @param b [dimensions], length 1
 */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`vectors of ${a.length} and ${b.length} numbers cannot be compared`);
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

/** Rows of a row-major matrix as views of its memory. @param vectors [rows, dimensions] */
export function rowsOf(vectors: Float32Array, dimensions: number): Float32Array[] {
  const count = vectors.length / dimensions;
  return Array.from({ length: count }, (_, row) => vectors.subarray(row * dimensions, (row + 1) * dimensions));
}

/**
 * The rows closest to a vector by cosine, closest first, ties by row. A vector that is itself a row comes first.
 * @param vectors unit vectors, all of one encoder
 */
export function nearest(vectors: readonly ArrayLike<number>[], to: ArrayLike<number>, count: number): Neighbour[] {
  return vectors
    .map((vector, row) => ({ row, cosine: cosine(vector, to) }))
    .sort((a, b) => b.cosine - a.cosine || a.row - b.row)
    .slice(0, count);
}
