import { setTimeout } from "node:timers/promises";
import { type Spread, spreadOf } from "./statistics";

/** One measurement of one contender. */
export interface Measured {
  name: string;
  batch: number;
  /** From 0. */
  round: number;
  ms: number;
}

/** One contender's figure over all rounds, as programs read it. */
export interface Result {
  name: string;
  batch: number;
  medianMs: number;
  lowMs: number;
  highMs: number;
  rounds: number;
}

/** Threads of numeric libraries spin a while after their work; the next contender must not feel it. */
const SETTLE_MS = 300;

/**
 * Measures A, B, C, then A, B, C again: whatever changes on the machine meanwhile meets all of them.
 * @param measure milliseconds of a step of this contender at this batch size
 */
export async function interleave<Named extends { name: string }>(
  contenders: readonly Named[],
  batch: number,
  rounds: number,
  measure: (contender: Named) => Promise<number>,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      await setTimeout(SETTLE_MS);
      measured.push({ name: contender.name, batch, round, ms: await measure(contender) });
    }
  }
  return measured;
}

/** Medians over rounds, by contender and batch size in the order in which they were first measured. */
export function resultsOf(measured: readonly Measured[]): Result[] {
  const keyOf = ({ name, batch }: Measured) => `${batch} ${name}`;
  const keys = [...new Set(measured.map(keyOf))];
  return keys.map((key) => {
    const own = measured.filter((each) => keyOf(each) === key);
    const { name, batch } = own[0] as Measured;
    const { median, low, high }: Spread = spreadOf(own.map(({ ms }) => ms));
    return { name, batch, medianMs: median, lowMs: low, highMs: high, rounds: own.length };
  });
}
