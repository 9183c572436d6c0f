import type { Parameters } from "../discovery";
import { forbidden, unknownPart } from "../errors";

/** Parts of a method's resources: all that there are, and those that only the owner may see. */
export interface Parts {
  all: readonly string[];
  ownersOnly?: readonly string[];
}

/** The parts asked for. @throws Refused for an unknown one, or one that is not ours to see */
export function partsOf(parameters: Parameters, { all, ownersOnly = [] }: Parts): Set<string> {
  const parts = parameters.list("part").map((part) => part.trim());
  const unknown = parts.find((part) => !all.includes(part));
  if (unknown !== undefined) throw unknownPart(unknown);
  if (parts.some((part) => ownersOnly.includes(part))) throw forbidden();
  return new Set(parts);
}

/** The entries whose name was asked for. */
export function chosen(parts: Set<string>, entries: Record<string, () => unknown>): Record<string, unknown> {
  const kept = Object.entries(entries).filter(([name]) => parts.has(name));
  return Object.fromEntries(kept.map(([name, make]) => [name, make()]));
}

/** Seconds, as the API writes times. */
export const time = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, "Z");

/** 27 characters, as the API's etags have; of texts that say what changes. */
export function etagOf(...facts: (string | number | undefined)[]): string {
  let [low, high] = [0x811c9dc5, 0x1b873593];
  const text = facts.join("|");
  for (let at = 0; at < text.length; at++) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b);
  }
  const word = `${(low >>> 0).toString(36)}${(high >>> 0).toString(36)}`.padEnd(14, "0");
  return `${word}${[...word].reverse().join("")}`.slice(0, 27);
}
