/** What a ranking recommends. */
export type Decision = "take the first" | "cannot tell" | "nothing to compare";

/** The win probabilities of a ranking, and the threshold of its decision. */
export interface Comparison {
  /** Probability that the row beats the column, best first. */
  winProbability: readonly (readonly number[])[];
  /** If the first beats the second with a lower probability, the ranking does not name a winner. */
  threshold: number;
}

/** Decides whether the first of a ranking is credibly better than the second. */
export function decide({ winProbability, threshold }: Comparison): Decision {
  const ahead = winProbability[0]?.[1];
  if (ahead === undefined) return "nothing to compare";
  return ahead < threshold ? "cannot tell" : "take the first";
}

/**
 * States the decision in a sentence.
 * @param first and `second`: what they are called, such as "the first"
 */
export function decisionText({ winProbability, threshold }: Comparison, first: string, second: string): string {
  const ahead = winProbability[0]?.[1];
  if (ahead === undefined) return `There is nothing to compare ${first} with: rank two or more.`;
  // Rounded down, so that 59.9 % is not shown as 60 % below the threshold of 60 %.
  if (ahead < threshold)
    return `Cannot tell which is better: ${first} beats ${second} with a probability of only ${percentText(Math.floor(100 * ahead) / 100)}; below ${percentText(threshold)} the difference is not credible.`;
  return `Take ${first}: it beats ${second} with a probability of ${percentText(ahead)}.`;
}

/** A probability in whole percent; never 0 % or 100 %, since no model is that certain. */
export function percentText(probability: number): string {
  if (probability < 0.01) return "under 1 %";
  return probability > 0.99 ? "over 99 %" : `${(100 * probability).toFixed(0)} %`;
}
