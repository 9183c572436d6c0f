import type { Caller } from "./keys";
import type { Query } from "./parameters";
import { pgrst, Refusal } from "./refusal";

/** A request of the REST API after its key was checked. */
export interface RestRequest {
  method: string;
  /** `rpc/name` or `table`. */
  path: string;
  parameters: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: string;
  caller: Caller;
}

/** What Prefer asks, the first of each kind. */
export interface Preferences {
  counts: boolean;
  representation: boolean;
  missingDefault: boolean;
  resolution: "merge-duplicates" | "ignore-duplicates" | null;
  applied: string[];
}

/** What a plan runs, and how its one row becomes an answer. */
export interface Plan {
  isReadOnly: boolean;
  statementTimeout: string | null;
  /** What the caller would have to be granted on the relation, for the hint of 42501. */
  grantHint: string | null;
  text: string;
  values: unknown[];
  answer(row: PlanRow): Answer;
}

/** The one row that every plan's statement gives. */
export interface PlanRow {
  total: string | null;
  page: string;
  body: string | null;
  inserted: string | null;
}

/** What goes back to the client. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Reads the Prefer header; what it does not know it leaves. */
export function preferencesOf(prefer: string | undefined): Preferences {
  const asked = (prefer ?? "").split(",").map((part) => part.trim());
  const merge = asked.find((part) => part.startsWith("resolution="))?.slice("resolution=".length);
  return {
    counts: asked.some((part) => /^count=(exact|planned|estimated)$/.test(part)),
    representation: asked.includes("return=representation"),
    missingDefault: asked.includes("missing=default"),
    resolution: merge === "merge-duplicates" || merge === "ignore-duplicates" ? merge : null,
    applied: asked.filter((part) => /^(count|return|missing|resolution)=/.test(part)),
  };
}

const OBJECT = "application/vnd.pgrst.object+json";

/** Whether Accept asks for one object; throws PGRST107 on what the stand-in does not render. */
export function wantsObject(accept: string | undefined): boolean {
  const types = (accept ?? "*/*").split(",").map((type) => (type.split(";")[0] ?? "").trim());
  if (types.includes(OBJECT)) return true;
  if (types.some((type) => ["*/*", "application/json", "application/*"].includes(type))) return false;
  throw pgrst(406, "PGRST107", `None of these media types are available: ${types.join(", ")}`);
}

/** Throws PGRST116 unless exactly one row came where one was asked for. */
export function singular(isObject: boolean, rows: number): void {
  if (!isObject || rows === 1) return;
  throw pgrst(406, "PGRST116", "Cannot coerce the result to a single JSON object", `The result contains ${rows} rows`);
}

/** The answer of a read: 200, 206 where the count says that rows are missing, 416 where the offset lies beyond. */
export function rangeAnswer(query: Query, row: PlanRow, isObject: boolean): Answer {
  const total = row.total === null ? null : Number(row.total);
  const last = query.offset + Number(row.page) - 1;
  if (total !== null && query.offset > total) throw beyond(query.offset, total);
  const range = total !== 0 && query.offset <= last ? `${query.offset}-${last}` : "*";
  return {
    status: total !== null && Number(row.page) < total ? 206 : 200,
    headers: { "Content-Range": `${range}/${total ?? "*"}`, ...contentType(isObject) },
    body: row.body ?? "",
  };
}

function beyond(offset: number, total: number): Refusal {
  const details = `An offset of ${offset} was requested, but there are only ${total} rows.`;
  const refusal = pgrst(416, "PGRST103", "Requested range not satisfiable", details);
  return new Refusal(416, refusal.body, { "Content-Range": `*/${total}` });
}

/** Content-Type of a body of rows, or of one. */
export function contentType(isObject: boolean): Record<string, string> {
  return { "Content-Type": `${isObject ? OBJECT : "application/json"}; charset=utf-8` };
}
