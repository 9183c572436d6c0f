import type { Relation } from "./catalog";
import { pgrst } from "./refusal";
import { identifier } from "./sql";

/** A JSON body as a source of rows: its text, its keys, whether it is one object. */
export interface Payload {
  text: string;
  keys: string[];
  isObject: boolean;
}

/** Reads a body. Throws PGRST102 on one that is no JSON, and on rows whose keys differ where no columns are named. */
export function readPayload(body: string, columns: string[] | null): Payload {
  const value = parsed(body);
  if (!Array.isArray(value)) {
    const isObject = typeof value === "object" && value !== null;
    return { text: isObject ? body : "[]", keys: columns ?? Object.keys(isObject ? value : {}), isObject };
  }
  const keys = value.map((row: unknown) =>
    typeof row === "object" && row !== null ? new Set(Object.keys(row)) : null,
  );
  const [first] = keys;
  if (columns === null && first !== undefined && keys.some((own) => first === null || !own || !equal(own, first))) {
    throw pgrst(400, "PGRST102", "All object keys must match");
  }
  return { text: body, keys: columns ?? [...(first ?? [])], isObject: false };
}

const equal = (one: Set<string>, other: Set<string>): boolean =>
  one.size === other.size && [...one].every((key) => other.has(key));

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw pgrst(400, "PGRST102", "Empty or invalid json");
  }
}

/** The from-list that turns a payload into `pgrst_body` with typed columns; defaults fill what a row lacks. */
export function payloadRows(payload: Payload, relation: Relation, placeholder: string, withDefaults: boolean): string {
  const columns = payload.keys.map((key) => columnOf(relation, key));
  const json = withDefaults ? "jsonb" : "json";
  const source = `(select ${placeholder}::${json} as data) payload`;
  const defaults = columns
    .filter((column) => column.fallback !== null)
    .map(({ name, fallback }) => `'${name.replaceAll("'", "''")}', ${fallback}`);
  const filled = withDefaults ? `jsonb_build_object(${defaults.join(", ")}) || item` : "item";
  const items = payload.isObject ? "(select data as item)" : `${json}_array_elements(data)`;
  const alias = payload.isObject ? "items" : "items(item)";
  if (columns.length === 0) return `${source}, lateral ${items} ${alias}`;
  const typed = columns.map((column) => `${identifier(column.name)} ${column.type}`).join(", ");
  return `${source}, lateral ${items} ${alias}, lateral (select * from ${json}_to_record(${filled}) as _(${typed})) pgrst_body`;
}

function columnOf(relation: Relation, name: string) {
  const found = relation.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const message = `Could not find the '${name}' column of '${relation.name}' in the schema cache`;
  throw pgrst(400, "PGRST204", message);
}
