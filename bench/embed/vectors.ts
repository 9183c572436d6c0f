import { cosine } from "../../lib/embedding";

/** Least cosine of the same input's two vectors; other preprocessing is found by it. */
export const LEAST_COSINE = 0.999;

/**
 * Compares vectors input by input.
 * @returns the smallest cosine
 * @throws where one is below `LEAST_COSINE`, or a vector is missing
 */
export function compareVectors(what: string, ours: readonly number[][], theirs: readonly number[][]): number {
  if (ours.length === 0 || ours.length !== theirs.length)
    throw new Error(`the peer made ${theirs.length} vectors of ${ours.length} ${what}`);
  const cosines = ours.map((vector, at) => cosine(vector, theirs[at] as number[]));
  const least = cosines.reduce((smallest, each) => (each >= smallest ? smallest : each), 1);
  const at = cosines.indexOf(least);
  if (!(least >= LEAST_COSINE))
    throw new Error(`the peer embeds ${what} otherwise: number ${at} has a cosine of ${least} with ours`);
  return least;
}
