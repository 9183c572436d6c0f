import type { Parameters } from "../discovery";
import { forbidden, unknownPart } from "../errors";
import type { Context } from "./context";

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

/** How a resource's parts are made; undefined where it has no such part. */
export type Makers<Resource> = Record<string, (context: Context, resource: Resource) => unknown>;

/** Adds the parts that were asked for. */
export function withParts<Resource>(
  item: Record<string, unknown>,
  parts: Set<string>,
  makers: Makers<Resource>,
  context: Context,
  resource: Resource,
): Record<string, unknown> {
  for (const part of parts) {
    const made = makers[part]?.(context, resource);
    if (made !== undefined) item[part] = made;
  }
  return item;
}

/** As the API writes times: without the fraction where there is none. */
export function time(at: number): string {
  const text = new Date(at).toISOString();
  return at % 1000 === 0 ? `${text.slice(0, 19)}Z` : text;
}

/** 27 characters, as the API's etags have; of an id and of what changes about it. */
export function etagOf(id: string, fact: string | number = ""): string {
  const text = `${id}${fact}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${(hash >>> 0).toString(36)}${text}${"0".repeat(27)}`.slice(0, 27);
}
