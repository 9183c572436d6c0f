import type { ClientBase } from "pg";
import { findRoutine, type Routine, takesBody } from "./catalog";
import { orderBy, readQuery, selectList, where } from "./parameters";
import { pgrst } from "./refusal";
import { type Answer, type Plan, preferencesOf, type RestRequest, rangeAnswer, singular, wantsObject } from "./request";
import { identifier, qualified, Statement } from "./sql";

/** Plan of a call by name: POST with named arguments in a JSON body, GET and HEAD with them in the URL. */
export async function planCall(client: ClientBase, request: RestRequest, maxRows: number): Promise<Plan> {
  const name = request.path.slice("rpc/".length);
  const isPost = request.method === "POST";
  if (!["GET", "HEAD", "POST"].includes(request.method)) {
    throw pgrst(405, "PGRST101", `Cannot use the ${request.method} method on RPC`);
  }
  const query = readQuery(request.parameters, request.method === "GET" ? request.headers.range : undefined);
  const body = request.body === "" ? "{}" : request.body;
  const given = isPost ? (query.columns ?? argumentNames(body)) : query.filters.filter(isArgument).map(([key]) => key);
  const routine = await findRoutine(client, name, [...new Set(given)], isPost);

  const statement = new Statement();
  const source = isPost ? bodyCall(routine, given, body, statement) : urlCall(routine, query.filters, statement);
  const filters = isPost ? query.filters : query.filters.filter(([key]) => !given.includes(key));
  const alias = routine.relation ?? routine.name;
  const from = `from pgrst_source ${identifier(alias)} ${where(filters, alias, statement)}`;
  const limit = statement.value(Math.min(query.limit ?? maxRows, maxRows));
  const offset = statement.value(query.offset);
  const { counts, applied } = preferencesOf(request.headers.prefer);
  const isObject = wantsObject(request.headers.accept);
  const text = `with pgrst_source as (${source})
    select ${counts ? `(select count(*) from (select 1 ${from}) counted)` : "null::bigint"} as total,
      ${routine.isSet ? "count(*)" : "1"} as page, ${render(routine, isObject)} as body, null as inserted
    from (select ${selectList(query.select, alias)} ${from} ${orderBy(query.order, alias)} limit ${limit} offset ${offset}) result`;
  return {
    isReadOnly: !(isPost && routine.isVolatile),
    statementTimeout: routine.statementTimeout,
    grantHint: null,
    text,
    values: statement.values,
    answer(row): Answer {
      singular(isObject, Number(row.page));
      const answer = rangeAnswer(query, row, isObject);
      if (applied.some((part) => part.startsWith("count="))) {
        answer.headers["Preference-Applied"] = applied.filter((part) => part.startsWith("count=")).join(", ");
      }
      return routine.isVoid ? { ...answer, status: 204, body: "" } : answer;
    },
  };
}

function argumentNames(body: string): string[] {
  try {
    const value: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === "object" && first !== null ? Object.keys(first) : [];
  } catch {
    throw pgrst(400, "PGRST102", "Empty or invalid json");
  }
}

// In a URL a filter has an operator and an argument has none.
const OPERATOR = /^(not\.)?(eq|neq|gt|gte|lt|lte|like|ilike|match|imatch|in|is|isdistinct|cs|cd|ov)\./;
const isArgument = ([key, value]: [string, string]) => !OPERATOR.test(value) && !/^(not\.)?(and|or)$/.test(key);

function bodyCall(routine: Routine, given: string[], body: string, statement: Statement): string {
  if (takesBody(routine)) {
    const whole = `${statement.value(body)}::${routine.parameters[0]?.type}`;
    return called(routine, whole, "");
  }
  const used = routine.parameters.filter((parameter) => given.includes(parameter.name));
  if (used.length === 0) return called(routine, "", "");
  const typed = used.map(({ name, type }) => `${identifier(name)} ${type}`).join(", ");
  const record = body.trimStart().startsWith("[") ? "json_to_recordset" : "json_to_record";
  const rows = `(select * from ${record}(${statement.value(body)}::json) as _(${typed}) limit 1) pgrst_body, lateral `;
  const passed = used.map(({ name, variadic }) => {
    return `${variadic ? "variadic " : ""}${identifier(name)} := pgrst_body.${identifier(name)}`;
  });
  return called(routine, passed.join(", "), rows);
}

function urlCall(routine: Routine, filters: [string, string][], statement: Statement): string {
  const passed = routine.parameters.flatMap(({ name, type, variadic }) => {
    const values = filters.filter(([key, value]) => key === name && isArgument([key, value])).map(([, value]) => value);
    if (values.length === 0) return [];
    const value = variadic ? values : values.at(-1);
    return [`${variadic ? "variadic " : ""}${identifier(name)} := ${statement.value(value)}::${type}`];
  });
  return called(routine, passed.join(", "), "");
}

function called(routine: Routine, passed: string, rows: string): string {
  const call = `${qualified("public", routine.name)}(${passed})`;
  if (routine.isComposite) return `select pgrst_call.* from ${rows}${call} pgrst_call`;
  return `select pgrst_call.pgrst_scalar from ${rows}(select ${call} as pgrst_scalar) pgrst_call`;
}

function render(routine: Routine, isObject: boolean): string {
  const item = routine.isComposite ? "result" : "result.pgrst_scalar";
  if (!routine.isSet || isObject) return `coalesce(json_agg(${item}) -> 0, 'null')::text`;
  return `coalesce(json_agg(${item}), '[]')::text`;
}
