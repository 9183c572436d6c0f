import type { ClientBase } from "pg";
import { findRelation, type Relation } from "./catalog";
import { orderBy, type Query, readQuery, selectList, where } from "./parameters";
import { payloadRows, readPayload } from "./payload";
import { pgrst, Refusal } from "./refusal";
import {
  type Answer,
  contentType,
  type Plan,
  type PlanRow,
  type Preferences,
  preferencesOf,
  type RestRequest,
  rangeAnswer,
  singular,
  wantsObject,
} from "./request";
import { identifier, qualified, Statement } from "./sql";

const NEEDS: Record<string, string> = {
  GET: "SELECT",
  HEAD: "SELECT",
  POST: "INSERT",
  PATCH: "UPDATE",
  DELETE: "DELETE",
};

/** Plan of a read or a change of one table or view. */
export async function planTable(client: ClientBase, request: RestRequest, maxRows: number): Promise<Plan> {
  const needs = NEEDS[request.method];
  if (needs === undefined) throw pgrst(405, "PGRST117", `Unsupported HTTP method: ${request.method}`);
  const relation = await findRelation(client, request.path);
  const query = readQuery(request.parameters, request.method === "GET" ? request.headers.range : undefined);
  const preferences = preferencesOf(request.headers.prefer);
  const statement = new Statement();
  const isRead = needs === "SELECT";
  const text = isRead
    ? readText(relation, query, preferences, statement, maxRows, wantsObject(request.headers.accept))
    : changeText(request, relation, query, preferences, statement);
  const granted = [needs, ...(preferences.representation || preferences.resolution ? ["SELECT", "UPDATE"] : [])];
  return {
    isReadOnly: isRead,
    statementTimeout: null,
    grantHint: `Grant the required privileges to the current role with: GRANT ${granted.join(", ")} ON public.${relation.name} TO ${request.caller.role};`,
    text,
    values: statement.values,
    answer: (row) => (isRead ? readAnswer(request, query, row) : changeAnswer(request, preferences, row)),
  };
}

function readText(
  { name }: Relation,
  query: Query,
  { counts }: Preferences,
  statement: Statement,
  maxRows: number,
  isObject: boolean,
): string {
  const from = `from ${qualified("public", name)} ${where(query.filters, name, statement)}`;
  const limit = statement.value(Math.min(query.limit ?? maxRows, maxRows));
  return `select ${counts ? `(select count(*) ${from})` : "null::bigint"} as total, count(*) as page,
      ${rendered(isObject)} as body, null as inserted
    from (select ${selectList(query.select, name)} ${from} ${orderBy(query.order, name)}
      limit ${limit} offset ${statement.value(query.offset)}) result`;
}

function changeText(
  request: RestRequest,
  relation: Relation,
  query: Query,
  preferences: Preferences,
  statement: Statement,
): string {
  const isObject = wantsObject(request.headers.accept);
  const change = { POST: insertion, PATCH: update, DELETE: deletion }[request.method];
  if (change === undefined) throw pgrst(405, "PGRST117", `Unsupported HTTP method: ${request.method}`);
  const returning = preferences.representation ? `${qualified("public", relation.name)}.*` : "1";
  const changed = change(request, relation, query, preferences, statement);
  const shown = preferences.representation
    ? `(select ${selectList(query.select, relation.name)} from pgrst_source ${identifier(relation.name)} ${orderBy(query.order, relation.name)}) result`
    : "pgrst_source result";
  return `with pgrst_source as (${changed} returning ${returning})
    select null::bigint as total, count(*) as page, ${preferences.representation ? rendered(isObject) : "null"} as body,
      nullif(current_setting('pgrst.inserted', true), '') as inserted from ${shown}`;
}

function insertion(
  { body }: RestRequest,
  relation: Relation,
  query: Query,
  preferences: Preferences,
  statement: Statement,
): string {
  const payload = readPayload(body, query.columns);
  const rows = payloadRows(payload, relation, statement.value(payload.text), preferences.missingDefault);
  const names = payload.keys.map(identifier);
  const into = `insert into ${qualified("public", relation.name)}`;
  const conflict = onConflict(relation, query, preferences, names);
  const counted = preferences.resolution === "merge-duplicates" ? `where ${tally("+", "0")}` : "";
  // A row without a column takes every default.
  if (names.length === 0) return `${into} default values ${conflict}`;
  const values = names.map((name) => `pgrst_body.${name}`).join(", ");
  return `${into} (${names.join(", ")}) select ${values} from ${rows} ${counted} ${conflict}`;
}

function onConflict(relation: Relation, query: Query, { resolution }: Preferences, names: string[]): string {
  const columns = query.onConflict ?? relation.primaryKey;
  if (resolution === null || columns.length === 0) return "";
  const target = `on conflict (${columns.map(identifier).join(", ")})`;
  if (resolution === "ignore-duplicates" || names.length === 0) return `${target} do nothing`;
  const set = names.map((name) => `${name} = excluded.${name}`).join(", ");
  return `${target} do update set ${set} where ${tally("-", "-1")}`;
}

// Counts what was inserted and not merged without the right to read the table.
function tally(sign: "+" | "-", never: string): string {
  const now = "coalesce(nullif(current_setting('pgrst.inserted', true), '')::int, 0)";
  return `set_config('pgrst.inserted', (${now} ${sign} 1)::text, true) <> '${never}'`;
}

function update(
  { body }: RestRequest,
  relation: Relation,
  query: Query,
  preferences: Preferences,
  statement: Statement,
): string {
  const payload = readPayload(body, query.columns);
  const rows = payloadRows(payload, relation, statement.value(payload.text), preferences.missingDefault);
  const filter = safeWhere("UPDATE", query, relation.name, statement);
  const [first] = relation.columns;
  // Nothing to set changes nothing.
  if (payload.keys.length === 0)
    return `update ${qualified("public", relation.name)} set ${identifier(first?.name ?? "")} = default where false`;
  const set = payload.keys.map((key) => `${identifier(key)} = pgrst_body.${identifier(key)}`).join(", ");
  return `update ${qualified("public", relation.name)} set ${set} from ${rows} ${filter}`;
}

function deletion(_: RestRequest, relation: Relation, query: Query, __: Preferences, statement: Statement): string {
  return `delete from ${qualified("public", relation.name)} ${safeWhere("DELETE", query, relation.name, statement)}`;
}

// Supabase loads pg-safeupdate for the API.
function safeWhere(verb: string, query: Query, name: string, statement: Statement): string {
  if (query.filters.length > 0) return where(query.filters, name, statement);
  const body = { code: "21000", message: `${verb} requires a WHERE clause`, details: null, hint: null };
  throw new Refusal(400, body);
}

function rendered(isObject: boolean): string {
  return isObject ? "coalesce(json_agg(result) -> 0, 'null')::text" : "coalesce(json_agg(result), '[]')::text";
}

function readAnswer(request: RestRequest, query: Query, row: PlanRow): Answer {
  const isObject = wantsObject(request.headers.accept);
  singular(isObject, Number(row.page));
  const answer = rangeAnswer(query, row, isObject);
  answer.headers["Content-Location"] = `/${request.path}`;
  return answer;
}

function changeAnswer(request: RestRequest, preferences: Preferences, row: PlanRow): Answer {
  const isObject = wantsObject(request.headers.accept);
  singular(isObject, Number(row.page));
  const count = preferences.counts ? row.page : "*";
  const range = request.method === "PATCH" && Number(row.page) > 0 ? `0-${Number(row.page) - 1}` : "*";
  const headers: Record<string, string> = { "Content-Range": `${range}/${count}` };
  if (preferences.applied.length > 0) headers["Preference-Applied"] = preferences.applied.join(", ");
  if (preferences.representation) Object.assign(headers, contentType(isObject));
  return { status: changeStatus(request, preferences, row), headers, body: row.body ?? "" };
}

function changeStatus({ method }: RestRequest, preferences: Preferences, row: PlanRow): number {
  if (method !== "POST") return preferences.representation ? 200 : 204;
  return preferences.resolution === "merge-duplicates" && Number(row.inserted ?? 0) <= 0 ? 200 : 201;
}
