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
  const sums = new Float64Array(dimensions);
  for (let row = 0; row < batch; row++) {
    sums.fill(0);
    let real = 0;
    for (let token = row * tokens; token < (row + 1) * tokens; token++) {
      if (mask[token] !== 1n) continue;
      real++;
      for (let i = 0; i < dimensions; i++) sums[i]! += hidden[token * dimensions + i]!;
    }
    for (let i = 0; i < dimensions; i++) pooled[row * dimensions + i] = sums[i]! / Math.max(1, real);
  }
  return pooled;
}
