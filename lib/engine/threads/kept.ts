import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../../files";
import { sharedFolder, TENSORFLOW_VERSION } from "../native/library";
import type { MeasuredThreads } from "./fastest";

type Kept = Record<string, MeasuredThreads>;

/**
 * The threads that were measured on this machine.
 * @param work what was measured, such as sizes and batch
 */
export async function keptThreads(work: string, folder = sharedFolder()): Promise<MeasuredThreads | undefined> {
  return (await readKept(folder))[keyOf(work)];
}

/** Keeps what was measured, for all clones of this user. */
export async function keepThreads(work: string, measured: MeasuredThreads, folder = sharedFolder()): Promise<void> {
  const kept = { ...(await readKept(folder)), [keyOf(work)]: measured };
  await writeWhole(fileIn(folder), `${JSON.stringify(kept, null, 2)}\n`);
}

const fileIn = (folder: string) => join(folder, "threads.json");

/** The home folder may be shared by machines. */
function keyOf(work: string): string {
  return `${cpus()[0]?.model ?? process.arch}, ${availableParallelism()} cores, TensorFlow ${TENSORFLOW_VERSION}: ${work}`;
}

/** What cannot be read counts as nothing measured. */
async function readKept(folder: string): Promise<Kept> {
  try {
    const kept: unknown = JSON.parse(await readFile(fileIn(folder), "utf8"));
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
