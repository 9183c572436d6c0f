import { writeFile } from "node:fs/promises";
import { machine } from "../side-by-side/machine";

/** What a long check ends with. */
export interface Verdict {
  check: string;
  settings: object;
  /** Figures for programs. */
  facts: object;
  /** What is not as it must be, a line each; empty where the check passed. */
  failures: string[];
}

/**
 * Prints a verdict, writes it where a file was asked for, and makes the process exit with 1 where the check failed.
 * @param file for `--json`
 */
export async function conclude({ check, settings, facts, failures }: Verdict, file: string | undefined): Promise<void> {
  const passed = failures.length === 0;
  console.log(passed ? `${check}: passed` : `${check}: FAILED\n${failures.map((line) => `  ${line}`).join("\n")}`);
  const report = { check, passed, failures, takenAt: new Date().toISOString(), machine: machine(), settings, ...facts };
  if (file !== undefined) await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  if (!passed) process.exitCode = 1;
}

/** Parses a whole number above 0. */
export function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--${name} takes a whole number above 0, not ${text}`);
  return value;
}
