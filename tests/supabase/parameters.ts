import { condition, split, unquoted, unreadable } from "./filters";
import { pgrst } from "./refusal";
import { identifier, qualified, type Statement } from "./sql";

/** What a request asks of the rows of a table or of a function's result. */
export interface Query {
  select: string;
  order: string | null;
  columns: string[] | null;
  onConflict: string[] | null;
  offset: number;
  limit: number | null;
  filters: [string, string][];
}

const RESERVED = new Set(["select", "order", "limit", "offset", "columns", "on_conflict", "apikey"]);

/** Reads a URL's parameters and, for GET, the Range header. Throws PGRST100 and PGRST103. */
export function readQuery(url: URLSearchParams, range: string | undefined): Query {
  const names = (key: string) => url.get(key) && split(url.get(key) ?? "").map((name) => unquoted(name.trim()));
  const query: Query = {
    select: url.get("select") || "*",
    order: url.get("order"),
    columns: names("columns") || null,
    onConflict: names("on_conflict") || null,
    offset: whole(url.get("offset")) ?? 0,
    limit: whole(url.get("limit")),
    filters: [...url].filter(([key]) => !RESERVED.has(key)),
  };
  return range === undefined ? query : withRange(query, range);
}

function whole(text: string | null): number | null {
  if (text === null) return null;
  if (/^-\d+$/.test(text)) throw unsatisfiable("Limit should be greater than or equal to zero.");
  if (!/^\d{1,15}$/.test(text)) throw unreadable("limit or offset", text);
  return Number(text);
}

function withRange(query: Query, range: string): Query {
  const [, first, last] = /^(\d{1,15})-(\d{0,15})$/.exec(range) ?? [];
  if (first === undefined) return query;
  const offset = Math.max(query.offset, Number(first));
  if (!last) return { ...query, offset };
  if (Number(last) < offset) {
    throw unsatisfiable("The lower boundary must be lower than or equal to the upper boundary in the Range header.");
  }
  const width = Number(last) - offset + 1;
  return { ...query, offset, limit: query.limit === null ? width : Math.min(query.limit, width) };
}

/** PGRST103, 416. */
export function unsatisfiable(details: string) {
  return pgrst(416, "PGRST103", "Requested range not satisfiable", details);
}

/** The select list of a query on the relation of that alias: `*`, names, `alias:name`, `name::type`. */
export function selectList(select: string, alias: string): string {
  const items = split(select).map((item) => selectItem(item.trim(), alias));
  return items.join(", ");
}

function selectItem(item: string, alias: string): string {
  if (item === "*") return `${identifier(alias)}.*`;
  const [, given, name, cast] =
    /^(?:([^:()"]+|"[^"]*"):(?!:))?("[^"]*"|[^:()"]+)(?:::([A-Za-z0-9_ ]+(?:\[\])?))?$/.exec(item) ?? [];
  if (name === undefined || name.includes("->")) throw unreadable("select parameter", item);
  const column = qualified(alias, unquoted(name));
  const output = identifier(unquoted(given ?? name));
  return cast === undefined ? `${column} as ${output}` : `cast(${column} as ${cast}) as ${output}`;
}

/** The order-by clause of a query, or nothing. */
export function orderBy(order: string | null, alias: string): string {
  if (order === null) return "";
  const terms = split(order).map((term) => {
    const [, name, direction, nulls] =
      /^("[^"]*"|[^."()]+)(?:\.(asc|desc))?(?:\.(nullsfirst|nullslast))?$/.exec(term.trim()) ?? [];
    if (name === undefined) throw unreadable("order", order);
    return [qualified(alias, unquoted(name)), direction, nulls?.replace("nulls", "nulls ")].filter(Boolean).join(" ");
  });
  return `order by ${terms.join(", ")}`;
}

/** The where clause of filters, or nothing. */
export function where(filters: [string, string][], alias: string, statement: Statement): string {
  if (filters.length === 0) return "";
  return `where ${filters.map(([key, value]) => condition(key, value, alias, statement)).join(" and ")}`;
}
