import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { dirname } from "node:path";
import { type Finding, note, ok, problem } from "./finding";

const NODE_MAJOR = 22;
const GB = 1e9;
const LEAST_DISK = 2 * GB;
const LEAST_MEMORY = 3 * GB;

const gigabytes = (bytes: number) => `${(bytes / GB).toFixed(1)} GB`;

/** The version of Node that is running. */
export function nodeFinding(version = process.versions.node): Finding {
  const value = `${version} (${process.execPath})`;
  if (version.startsWith(`${NODE_MAJOR}.`)) return ok("Node", value);
  return note("Node", value, `start with bin/thumbrank.mjs or npm run thumbrank, which take Node ${NODE_MAJOR}`);
}

/** Cores and memory of this machine. */
export function memoryFinding(bytes = totalmem()): Finding {
  const value = `${availableParallelism()} cores, ${gigabytes(bytes)} of memory`;
  if (bytes >= LEAST_MEMORY) return ok("machine", value);
  return note(
    "machine",
    value,
    `training needs ${gigabytes(LEAST_MEMORY)}; close other programs or use a smaller batch`,
  );
}

function nearestThatExists(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThatExists(dirname(path));
}

/** Free space on the disk of a folder, which need not exist yet. */
export async function diskFinding(home: string, least = LEAST_DISK): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestThatExists(home));
  const value = `${gigabytes(bavail * bsize)} free for ${home}`;
  if (bavail * bsize >= least) return ok("disk", value);
  return problem("disk", value, `free ${gigabytes(least)}, or choose another folder with --data-dir`);
}
