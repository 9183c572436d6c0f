/**
 * Means of each title's token vectors, padding left out.
 * @param hidden [batch, tokens, dimensions]
 * @param mask [batch, tokens], 1 for a token, 0 for padding
 * @returns [batch, dimensions]
 */
export function meanPooled(hidden: Float32Array, mask: ArrayLike<bigint>, batch: number): Float32Array {
  const tokens = mask.length / batch;
  const dimensions = hidden.length / mask.length;
  const pooled = new Float32Array(batch * dimensions);
  for (let row = 0; row < batch; row++) {
    const real = Array.from({ length: tokens }, (_, token) => row * tokens + token).filter(
      (token) => mask[token] === 1n,
    );
    for (let at = 0; at < dimensions; at++) {
      let sum = 0;
      for (const token of real) sum += hidden[token * dimensions + at] as number;
      pooled[row * dimensions + at] = sum / Math.max(1, real.length);
    }
  }
  return pooled;
}
