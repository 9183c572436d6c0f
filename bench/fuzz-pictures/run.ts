import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What the process that ranks and embeds says. */
export type ChildLine =
  | { kind: "begin"; index: number; name: string }
  | { kind: "ranked"; index: number; outcome: string; ms: number }
  | { kind: "embedded"; count: number; differing: string[] }
  | { kind: "end"; peakMb: number };

export interface FuzzOptions {
  count: number;
  seed: string;
  /** Folder of real pictures, where there is one. */
  real?: string;
  /** A picture, or a batch that is embedded, that takes longer hangs. */
  hangMs: number;
}

export interface FuzzReport {
  ranked: number;
  embedded: number;
  /** How many had each outcome: "accepted", or the code of a refusal. */
  outcomes: Record<string, number>;
  /** Mutants that ended the process, or hung, and those that ranking and embedding judged differently. */
  crashed: string[];
  hung: string[];
  differing: string[];
  slowest: { index: number; ms: number };
  /** Of the process that ranks and embeds. */
  peakMb: number;
}

/** Ranks and embeds mutated pictures in processes of their own; after a crash or hang the next one goes on behind it. */
export async function fuzzPictures({ count, seed, real, hangMs }: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = {
    ranked: 0,
    embedded: 0,
    outcomes: {},
    crashed: [],
    hung: [],
    differing: [],
    slowest: { index: -1, ms: 0 },
    peakMb: 0,
  };
  for (let first = 0; first < count; ) first = await runChild(first);
  return report;

  async function runChild(first: number): Promise<number> {
    const args = [seed, String(first), String(count), ...(real === undefined ? [] : [real])];
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "child.ts"), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<string>((resolve) =>
      child.on("exit", (code, signal) => resolve(signal ?? `code ${code}`)),
    );
    let current = { index: first, name: "the start" };
    let isHung = false;
    let isWhole = false;
    const hang = () => {
      isHung = true;
      child.kill("SIGKILL");
    };
    let timer = setTimeout(hang, 10 * hangMs);
    for await (const text of createInterface({ input: child.stdout })) {
      clearTimeout(timer);
      timer = setTimeout(hang, hangMs);
      const line = JSON.parse(text) as ChildLine;
      if (line.kind === "begin") current = line;
      else if (line.kind === "end") isWhole = true;
      note(report, line);
    }
    clearTimeout(timer);
    const ending = await ended;
    if (isWhole) return count;
    (isHung ? report.hung : report.crashed).push(`mutant ${current.index} of ${current.name} (${ending})`);
    return current.index + 1;
  }
}

function note(report: FuzzReport, line: ChildLine): void {
  if (line.kind === "ranked") {
    report.ranked++;
    report.outcomes[line.outcome] = (report.outcomes[line.outcome] ?? 0) + 1;
    if (line.ms > report.slowest.ms) report.slowest = { index: line.index, ms: line.ms };
  } else if (line.kind === "embedded") {
    report.embedded += line.count;
    report.differing.push(...line.differing);
  } else if (line.kind === "end") report.peakMb = Math.max(report.peakMb, line.peakMb);
}
