import { join } from "node:path";
import type { Paths } from "../config";
import { foldersIn, isPlainName } from "../files";
import { RunNameInvalid, RunUnknown } from "./errors";

/**
 * Where a run keeps its checkpoints and its result. A name is one plain folder name, so that no run reads, writes or
 * overwrites anything outside.
 * @throws RunNameInvalid
 */
export function runFolder({ checkpoints }: Pick<Paths, "checkpoints">, name: string): string {
  if (!isPlainName(name)) throw new RunNameInvalid(name);
  return join(checkpoints, name);
}

/** Checks that a run was begun, trained to its end or not. @throws RunUnknown, RunNameInvalid */
export async function assertRunBegun(paths: Pick<Paths, "checkpoints">, name: string): Promise<void> {
  runFolder(paths, name);
  const runs = await foldersIn(paths.checkpoints);
  if (!runs.includes(name)) throw new RunUnknown(name, runs);
}
