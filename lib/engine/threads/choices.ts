import { availableParallelism } from "node:os";

/** How many threads a session has. */
export interface Threads {
  /** Threads within one operation. */
  intraOpThreads: number;
  /** Operations at a time. */
  interOpThreads: number;
}

/** Beyond these few, the branches of a step leave threads idle. */
const MOST_OPERATIONS = 8;

/**
 * One thread an operation, and as many operations at a time as there are cores, from 2 to 8. With one at a time whatever
 * is awaited blocks all else. What a sum adds up first does not depend on the number of cores then.
 */
export function defaultThreads(cores = availableParallelism()): Threads {
  return { intraOpThreads: 1, interOpThreads: Math.min(Math.max(2, cores), MOST_OPERATIONS) };
}

/** What is worth measuring on so many cores, the default first. */
export function threadChoices(cores = availableParallelism()): Threads[] {
  const { interOpThreads } = defaultThreads(cores);
  const pairs = [
    [1, interOpThreads],
    [1, 4],
    [2, 2],
    [Math.ceil(cores / 2), 2],
    [cores, 1],
    [cores, 2],
  ] as [number, number][];
  const distinct = new Map(pairs.map((pair) => [`${pair}`, pair]));
  return [...distinct.values()].map(([intraOpThreads, interOpThreads]) => ({ intraOpThreads, interOpThreads }));
}
