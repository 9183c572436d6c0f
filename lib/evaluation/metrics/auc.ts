/** Rows of the two videos of each pair; `winners[k]` did better than `losers[k]`. */
export interface PairRows {
  winners: ArrayLike<number>;
  losers: ArrayLike<number>;
}

/** What a pair counts: 1 where the winner scores higher, 1/2 on a tie, 0 where the loser does; NaN of NaN. */
export function credit(winnerScore: number, loserScore: number): number {
  if (winnerScore > loserScore) return 1;
  if (winnerScore < loserScore) return 0;
  return winnerScore === loserScore ? 0.5 : Number.NaN;
}

/**
 * Share of pairs whose winner gets the higher score; equal scores count 1/2. 0.5 is chance, 1 is perfect.
 * The field calls it pairwise AUC: the area under a ROC curve is such a share too, over all pairs of two classes.
 * @param scores by row
 * @param weights [pairs], 1 each where left out
 * @returns NaN where there is no pair (or no weight)
 */
export function pairwiseAuc(scores: ArrayLike<number>, pairs: PairRows, weights?: ArrayLike<number>): number {
  let [right, total] = [0, 0];
  for (let pair = 0; pair < pairs.winners.length; pair++) {
    const weight = weights === undefined ? 1 : (weights[pair] as number);
    right +=
      weight * credit(scores[pairs.winners[pair] as number] as number, scores[pairs.losers[pair] as number] as number);
    total += weight;
  }
  return right / total;
}
