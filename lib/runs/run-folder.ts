import { join } from "node:path";
import type { Paths } from "../config";
import { isPlainName } from "../files";
import { RunNameInvalid } from "./errors";

/**
 * Where a run keeps its checkpoints and its result. A name is one plain folder name, so that no run reads, writes or
 * overwrites anything outside.
 * @throws RunNameInvalid
 */
export function runFolder({ checkpoints }: Pick<Paths, "checkpoints">, name: string): string {
  if (!isPlainName(name)) throw new RunNameInvalid(name);
  return join(checkpoints, name);
}
