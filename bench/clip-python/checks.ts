/** One comparison with Python. */
export interface Check {
  what: string;
  /** Norm of the difference from Python's values, as a share of their norm. */
  difference: number;
  bound: number;
}

/**
 * Norm of the difference of two arrays, as a share of the second one's norm; infinite where one has a NaN.
 * @param least norm to take a share of, for what is 0 but for rounding
 * @throws RangeError where one is missing or longer
 */
export function relativeDifference(
  ours: ArrayLike<number> | undefined,
  theirs: ArrayLike<number> | undefined,
  least = 0,
): number {
  if (ours === undefined || theirs === undefined || ours.length !== theirs.length)
    throw new RangeError(`ours has ${ours?.length} values, Python's has ${theirs?.length}`);
  let difference = 0;
  for (let i = 0; i < ours.length; i++) difference += ((ours[i] as number) - (theirs[i] as number)) ** 2;
  const share = difference === 0 ? 0 : Math.sqrt(difference) / Math.max(norm(theirs), least);
  return Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
}

export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2;
  return Math.sqrt(sum);
}

/**
 * The largest difference among the gradients of some weights. A key's bias changes nothing, because softmax ignores what
 * is added to all scores: its gradient is 0 but for rounding, and is compared by the size of its weight's.
 * @returns the difference and whose it is
 */
export function worstGradient(
  names: readonly string[],
  ours: Readonly<Record<string, ArrayLike<number>>>,
  theirs: Readonly<Record<string, ArrayLike<number>>>,
): { difference: number; name: string } {
  const differences = names.map((name) => {
    const weight = name.endsWith("k_proj.bias") ? theirs[name.replace(/bias$/, "weight")] : undefined;
    return { difference: relativeDifference(ours[name], theirs[name], norm(weight ?? [])), name };
  });
  const [first, ...others] = differences;
  if (first === undefined) throw new RangeError("there are no gradients to compare");
  return others.reduce((worst, each) => (each.difference <= worst.difference ? worst : each), first);
}

/** A line for each check that is not within its bound. */
export function failuresOf(checks: readonly Check[]): string[] {
  return checks.flatMap(({ what, difference, bound }) =>
    difference <= bound ? [] : [`${what}: ${difference.toExponential(1)}, allowed ${bound.toExponential(0)}`],
  );
}

/** A row for people. */
export function rowOf({ what, difference, bound }: Check): string {
  const verdict = difference <= bound ? "ok" : "FAILED";
  return `  ${what.padEnd(92)}${difference.toExponential(1).padStart(9)}${bound.toExponential(0).padStart(8)}  ${verdict}`;
}
