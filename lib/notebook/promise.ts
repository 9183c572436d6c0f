import { PromiseBroken } from "./errors";

/**
 * Checks what a notebook promised, and prints it with a tick.
 * @param facts the figures behind it
 * @throws PromiseBroken
 */
export function promise(what: string, kept: boolean, facts?: string): void {
  if (!kept) throw new PromiseBroken(what, facts);
  console.log(`✓ ${what}${facts === undefined ? "" : ` (${facts})`}`);
}
