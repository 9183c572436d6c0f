/**
 * Ridge regression without an intercept, in its dual form, which costs rows^3 however wide the features are:
 * weights = X' duals, duals = (X X' + lambda I)^-1 y.
 * @param products X X', [rows, rows] row-major
 * @param targets y, [rows]
 * @param lambda > 0, which makes the system positive definite
 * @returns duals, [rows]
 */
export function ridgeDuals(products: Float64Array, targets: Float64Array, lambda: number): Float64Array {
  const rows = targets.length;
  const factor = choleskyFactor(products, rows, lambda);
  const duals = targets.slice();
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < i; k++) duals[i]! -= factor[i * rows + k]! * duals[k]!;
    duals[i]! /= factor[i * rows + i]!;
  }
  for (let i = rows - 1; i >= 0; i--) {
    for (let k = i + 1; k < rows; k++) duals[i]! -= factor[k * rows + i]! * duals[k]!;
    duals[i]! /= factor[i * rows + i]!;
  }
  return duals;
}

/** The lower triangular L of L L' = products + lambda I (Golub and Van Loan, algorithm 4.2.1). */
function choleskyFactor(products: Float64Array, rows: number, lambda: number): Float64Array {
  const factor = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = products[i * rows + j]! + (i === j ? lambda : 0);
      for (let k = 0; k < j; k++) sum -= factor[i * rows + k]! * factor[j * rows + k]!;
      factor[i * rows + j] = i === j ? Math.sqrt(sum) : sum / factor[j * rows + j]!;
    }
  }
  return factor;
}
