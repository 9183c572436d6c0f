import type { Threads } from "./choices";

/** Nothing else is taken for less: measurements repeat to some percent, and the choice should too. */
const CLEARLY = 0.9;

/** What was found of some choices of threads. */
export interface MeasuredThreads extends Threads {
  /** In the best of the rounds, which other work on the machine disturbed least. */
  msPerStep: number;
}

/**
 * Measures choices in turns, A, B, C and A, B, C again, so that what else the machine does falls on all of them.
 * @param msPerStep runs some steps with a choice and says how long one took
 * @returns the fastest, or the first where none is clearly faster, such as the default
 */
export async function fastest(
  choices: readonly Threads[],
  msPerStep: (choice: Threads) => Promise<number>,
  rounds = 3,
): Promise<MeasuredThreads> {
  const times = choices.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, choice] of choices.entries()) times[index]?.push(await msPerStep(choice));
  const measured = choices.map((choice, index) => ({ ...choice, msPerStep: Math.min(...(times[index] ?? [])) }));
  const [first, ...others] = measured as [MeasuredThreads, ...MeasuredThreads[]];
  return others.reduce((best, each) => {
    return each.msPerStep < Math.min(best.msPerStep, CLEARLY * first.msPerStep) ? each : best;
  }, first);
}
