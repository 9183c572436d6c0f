import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { readPlain, sharedFolder, writeAtomically } from "../../files";
import { TENSORFLOW_VERSION } from "../native/library";
import type { Threads } from "./choices";

type Kept = Record<string, MeasuredThreads>;

/** Nothing else is taken for less: measurements repeat to some percent, and the choice should too. */
const CLEARLY = 0.9;

/** What was found of some choices of threads. */
export interface MeasuredThreads extends Threads {
  /** In the best of the rounds, which other work on the machine disturbed least. */
  msPerStep: number;
}

/**
 * The threads that were measured on this machine.
 * @param work what was measured, such as sizes and batch
 */
export async function keptThreads(work: string, folder = sharedFolder()): Promise<MeasuredThreads | undefined> {
  return (await readKept(folder))[describeMachine(work)];
}

/** Keeps what was measured, for all clones of this user. */
export async function keepThreads(work: string, measured: MeasuredThreads, folder = sharedFolder()): Promise<void> {
  const kept = { ...(await readKept(folder)), [describeMachine(work)]: measured };
  await writeAtomically(fileIn(folder), `${JSON.stringify(kept, null, 2)}\n`);
}

const fileIn = (folder: string) => join(folder, "threads.json");

/** The home folder may be shared by machines. */
function describeMachine(work: string): string {
  return `${cpus()[0]?.model ?? process.arch}, ${availableParallelism()} cores, TensorFlow ${TENSORFLOW_VERSION}: ${work}`;
}

/** What cannot be read counts as nothing measured. */
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
 * Measures choices in turns, A, B, C and A, B, C again, so that what else the machine does falls on all of them.
 * @param msPerStep runs some steps with a choice and says how long one took
 * @returns the fastest, or the first if none is clearly faster, such as the default
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
