/**
 * Ridge regressions without an intercept, in their dual form: weights = X' (X X' + lambda I)^-1 y.
 * @param targets one list a regression
 * @returns the weights of each
 */
export function ridge(rows: Float32Array[], targets: number[][], lambda: number): Float64Array[] {
  const gram = rows.map((a, i) => rows.map((b, j) => dot(a, b) + (i === j ? lambda : 0)));
  return solve(gram, targets).map((duals) => {
    const weights = new Float64Array(rows[0]?.length ?? 0);
    rows.forEach((row, i) => {
      for (let at = 0; at < weights.length; at++) {
        weights[at] = (weights[at] as number) + (duals[i] as number) * (row[at] as number);
      }
    });
    return weights;
  });
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

/** Correlation about zero of two lists of differences. */
export function correlation(a: number[], b: number[]): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Solves a symmetric positive definite system for several right sides, by elimination. */
function solve(matrix: number[][], rights: number[][]): number[][] {
  const size = matrix.length;
  const a = matrix.map((line, i) => [...line, ...rights.map((right) => right[i] as number)]);
  for (let pivot = 0; pivot < size; pivot++) {
    const top = a[pivot] as number[];
    for (let other = 0; other < size; other++) {
      const line = a[other] as number[];
      const factor = other === pivot ? 0 : (line[pivot] as number) / (top[pivot] as number);
      if (factor !== 0)
        for (let at = pivot; at < line.length; at++) line[at] = (line[at] as number) - factor * (top[at] as number);
    }
  }
  return rights.map((_, k) => a.map((line, i) => (line[size + k] as number) / (line[i] as number)));
}
