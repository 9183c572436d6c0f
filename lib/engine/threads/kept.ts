import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { readPlain, sharedFolder, writeAtomically } from "../../files";
import { TENSORFLOW_VERSION } from "../native/library";
import type { Threads } from "./choices";

type Kept = Record<string, MeasuredThreads>;

/** Ratio below which a choice replaces the default: measurements vary by a few percent, the choice should not. */
const CLEARLY = 0.9;

/** Measurement of a choice of threads. */
export interface MeasuredThreads extends Threads {
  /** In the best round, which other work on the machine disturbed least. */
  msPerStep: number;
}

/**
 * The thread counts measured on this machine.
 * @param work what was measured, such as sizes and batch
 */
export async function keptThreads(work: string, folder = sharedFolder()): Promise<MeasuredThreads | undefined> {
  return (await readKept(folder))[describeMachine(work)];
}

/** Saves a measurement for all clones of this user. */
export async function keepThreads(work: string, measured: MeasuredThreads, folder = sharedFolder()): Promise<void> {
  const kept = { ...(await readKept(folder)), [describeMachine(work)]: measured };
  await writeAtomically(fileIn(folder), `${JSON.stringify(kept, null, 2)}\n`);
}

const fileIn = (folder: string) => join(folder, "threads.json");

/** Machines may share a home folder. */
function describeMachine(work: string): string {
  return `${cpus()[0]?.model ?? process.arch}, ${availableParallelism()} cores, TensorFlow ${TENSORFLOW_VERSION}: ${work}`;
}

/** An unreadable file counts as nothing measured. */
async function readKept(folder: string): Promise<Kept> {
  try {
    const kept: unknown = JSON.parse((await readPlain(fileIn(folder))).toString());
    const entries = Object.entries(kept ?? {}).filter((entry): entry is [string, MeasuredThreads] =>
      isMeasured(entry[1]),
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

function isMeasured(value: unknown): boolean {
  const { intraOpThreads, interOpThreads, msPerStep } = (value ?? {}) as Partial<MeasuredThreads>;
  const areCounts = [intraOpThreads, interOpThreads].every((count) => Number.isInteger(count) && (count as number) > 0);
  return areCounts && typeof msPerStep === "number";
}

/**
 * Measures choices in rounds, A, B, C and A, B, C again, so that other work on the machine affects all of them.
 * @param msPerStep runs some steps with a choice and returns the time of one
 * @returns the fastest, or the first, such as the default, if none is clearly faster
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
