/** Ways for a process to end, by what they are called, with the exit code of each. */
export const ENDINGS = {
  reads: 0,
  disposes: 0,
  "disposes in a run": 0,
  "exits in a run": 7,
  "throws in a run": 1,
  "terminates a worker in a run": 0,
} as const;

export type Ending = keyof typeof ENDINGS;

/** How one process ended. */
export interface Exit {
  ending: Ending;
  code: number | null;
  /** Such as SIGSEGV. */
  signal: string | null;
  /** The last it said on stderr. */
  said: string;
}

/** Whether it ended with the code of its ending, and by itself. */
export function isExpected({ ending, code, signal }: Exit): boolean {
  return signal === null && code === ENDINGS[ending];
}

/** One line for each way of ending: how many there were, and what else than expected they ended with. */
export function tableOf(exits: readonly Exit[]): string[] {
  return (Object.keys(ENDINGS) as Ending[]).map((ending) => {
    const own = exits.filter((exit) => exit.ending === ending);
    const bad = own.filter((exit) => !isExpected(exit)).map(({ code, signal }) => signal ?? `code ${code}`);
    return `  ${ending.padEnd(30)}${String(own.length).padStart(4)} as expected ${own.length - bad.length}${bad.length > 0 ? `, else ${bad.join(", ")}` : ""}`;
  });
}
