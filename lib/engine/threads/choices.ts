import { availableParallelism } from "node:os";

/** Thread counts of a session. */
export interface Threads {
  /** Threads within one operation. */
  intraOpThreads: number;
  /** Operations that run in parallel. */
  interOpThreads: number;
}

/** A step has too few branches to keep more threads than this busy. */
const MOST_OPERATIONS = 8;

/**
 * One thread per operation, so that the order of a sum does not depend on the number of cores, and as many parallel
 * operations as there are cores, from 2 to 8: with only one at a time, any awaited operation blocks all others.
 */
export function defaultThreads(cores = availableParallelism()): Threads {
  return { intraOpThreads: 1, interOpThreads: Math.min(Math.max(2, cores), MOST_OPERATIONS) };
}

/** Thread counts worth measuring on this many cores, the default first. */
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
