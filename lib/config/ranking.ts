import { z } from "zod";

/** Most titles that one ranking combines with its pictures. */
export const MOST_TITLES = 5;

/** Below this probability that the first beats the second, a ranking does not name a winner. */
export const DecisionThreshold = z.number().min(0.5).max(1).default(0.6).meta({
  unit: "probability",
  description: "if the first beats the second with a lower probability, the answer is: cannot tell",
});
