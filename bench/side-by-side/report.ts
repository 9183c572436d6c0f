import { writeFile } from "node:fs/promises";
import type { Load, Machine } from "./machine";
import type { Measured, Result } from "./rounds";

/** What `--json FILE` writes. */
export interface Report {
  bench: string;
  takenAt: string;
  machine: Machine;
  load: { before: Load; after: Load };
  /** By contender, what it computes with. */
  versions: Record<string, Record<string, string>>;
  settings: object;
  rounds: readonly Measured[];
  results: readonly Result[];
  [more: string]: unknown;
}

/** Writes a report where a file was asked for. */
export async function writeReport(file: string | undefined, report: Report): Promise<void> {
  if (file !== undefined) await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}
