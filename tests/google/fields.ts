import type { Discovery, Schema } from "./discovery";
import { invalidParameter } from "./errors";

/** A selection of fields: each name with the selection within it, or null for all of it. */
export type Selection = Map<string, Selection | null>;

/**
 * The documented syntax of partial responses: `a,b/c,items(id,snippet/title),etag`, `*` for any name.
 * @throws Refused where it is malformed
 */
export function parseFields(text: string): Selection {
  const tokens = text.match(/[\w$-]+|\*|[(),/]/g) ?? [];
  if (tokens.join("") !== text.replaceAll(/\s/g, "")) throw invalid(text);
  const reader = { tokens, at: 0 };
  const selection = readList(reader, text);
  if (reader.at < tokens.length) throw invalid(text);
  return selection;
}

interface Reader {
  tokens: string[];
  at: number;
}

const invalid = (what: string) => invalidParameter("fields", `Invalid field selection ${what}`);

function readList(reader: Reader, text: string): Selection {
  const selection: Selection = new Map();
  do readField(reader, selection, text);
  while (reader.tokens[reader.at] === "," && ++reader.at);
  return selection;
}

function readField(reader: Reader, into: Selection, text: string): void {
  const name = reader.tokens[reader.at++];
  if (name === undefined || /^[(),/]$/.test(name)) throw invalid(text);
  const inner = readInner(reader, text);
  const old = into.get(name);
  into.set(name, old && inner ? merged(old, inner) : into.has(name) ? null : inner);
}

function readInner(reader: Reader, text: string): Selection | null {
  const next = reader.tokens[reader.at];
  if (next !== "/" && next !== "(") return null;
  reader.at++;
  if (next === "/") {
    const single: Selection = new Map();
    readField(reader, single, text);
    return single;
  }
  const list = readList(reader, text);
  if (reader.tokens[reader.at++] !== ")") throw invalid(text);
  return list;
}

function merged(a: Selection, b: Selection): Selection {
  const both = new Map(a);
  for (const [name, inner] of b) {
    const old = both.get(name);
    both.set(name, old && inner ? merged(old, inner) : both.has(name) ? null : inner);
  }
  return both;
}

/** @throws Refused where a name is none of the schema's */
export function checkFields(selection: Selection, schema: Schema, discovery: Discovery): void {
  const resolved = schema.$ref ? (discovery.schemas[schema.$ref] ?? {}) : schema;
  const { items, properties, additionalProperties } = resolved;
  if (items) checkFields(selection, items, discovery);
  for (const [name, inner] of items ? [] : selection) {
    const part = properties?.[name] ?? additionalProperties;
    const parts = name === "*" ? Object.values(properties ?? {}) : [part];
    if (parts.length === 0 || parts.includes(undefined)) throw invalid(name);
    if (inner && name !== "*" && part) checkFields(inner, part, discovery);
  }
}

/** The selected part of a value; undefined where nothing of it is selected. */
export function select(value: unknown, selection: Selection | null): unknown {
  if (selection === null || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one) => select(one, selection));
  const kept: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    const inner = selection.has(name) ? selection.get(name) : selection.get("*");
    if (inner !== undefined) kept[name] = select(part, inner);
  }
  return kept;
}
