import { addScaled, dot, random } from "../base";

/** Extra directions, which make the requested ones accurate (Halko, Martinsson and Tropp 2011, section 4.5). */
const SPARE = 10;
const ROUNDS = 8;

/**
 * The directions in which rows extend furthest from 0, and a few more: orthonormal, found by randomised subspace
 * iteration. ml-pca's NIPALS, which finds the first two, takes minutes if many directions matter equally.
 */
export function leadingDirections(rows: readonly Float64Array[], count: number): Float64Array[] {
  const width = rows[0]?.length ?? 0;
  const source = random("directions");
  let directions: Float64Array[] = Array.from({ length: Math.min(count + SPARE, width) }, () =>
    Float64Array.from({ length: width }, () => source.normal()),
  );
  for (let round = 0; round < ROUNDS; round++)
    directions = orthonormal(directions.map((one) => multiplyTwice(rows, one)));
  return directions;
}

/** Multiplies a direction by the rows, then by the transposed rows. */
function multiplyTwice(rows: readonly Float64Array[], direction: Float64Array): Float64Array {
  const turned = new Float64Array(direction.length);
  for (const row of rows) addScaled(turned, dot(row, direction), row);
  return turned;
}

/** Gram-Schmidt, in two passes against rounding; vectors that depend on the others are dropped. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const vector of vectors) {
    const before = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++) for (const one of kept) addScaled(vector, -dot(one, vector), one);
    const length = Math.sqrt(dot(vector, vector));
    if (length > 1e-10 * before) kept.push(vector.map((part) => part / length));
  }
  return kept;
}
