/**
 * Makes a vector's length 1 without changing what its numbers say: one last number completes it, where plain
 * division would let a strong feature shrink all others. Vectors already longer than 1 are divided.
 * @param features [dimensions - 1], lengths mostly below 1
 * @returns [dimensions], length 1, of which the last is 0 or more
 */
export function completed(features: Float32Array): Float32Array {
  let squares = 0;
  for (const value of features) squares += value * value;
  const scale = squares > 1 ? 1 / Math.sqrt(squares) : 1;
  const vector = new Float32Array(features.length + 1);
  vector.set(features.map((value) => value * scale));
  vector[features.length] = Math.sqrt(Math.max(0, 1 - squares));
  return vector;
}
