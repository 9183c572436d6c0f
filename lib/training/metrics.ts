/**
 * Share of pairs whose winner scores higher; a tie counts 1/2.
 * @param scores of all rows
 * @param winners row numbers, losers at the same places
 * @returns 0-1; null without pairs
 */
export function pairwiseAuc(scores: Float32Array, winners: Int32Array, losers: Int32Array): number | null {
  let won = 0;
  winners.forEach((winner, index) => {
    const difference = (scores[winner] as number) - (scores[losers[index] as number] as number);
    won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
  });
  return winners.length > 0 ? won / winners.length : null;
}

/**
 * Pearson's correlation of two equally long series.
 * @returns -1 to 1; null where one of them does not vary
 */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [(a[index] as number) - meanA, (b[index] as number) - meanB];
    covariance += x * y;
    varianceA += x * x;
    varianceB += y * y;
  }
  return varianceA > 0 && varianceB > 0 ? covariance / Math.sqrt(varianceA * varianceB) : null;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] as number;
  return sum / values.length;
}
