import { PromiseBroken } from "./errors";

/**
 * Checks a promise of the notebook, and prints it with a tick.
 * @param facts the numbers behind it
 * @throws PromiseBroken if it is not kept
 */
export function promise(what: string, kept: boolean, facts?: string): void {
  if (!kept) throw new PromiseBroken(what, facts);
  console.log(`✓ ${what}${facts === undefined ? "" : ` (${facts})`}`);
}
