import type { ClientBase } from "pg";
import { z } from "zod";
import { pgrst, type Refusal } from "./refusal";

const Parameter = z.object({ name: z.string(), type: z.string(), required: z.boolean(), variadic: z.boolean() });
const Routine = z.object({
  name: z.string(),
  parameters: z.array(Parameter),
  isSet: z.boolean(),
  isComposite: z.boolean(),
  isVoid: z.boolean(),
  isVolatile: z.boolean(),
  relation: z.string().nullable(),
  statementTimeout: z.string().nullable(),
});
const Column = z.object({ name: z.string(), type: z.string(), fallback: z.string().nullable() });
const Relation = z.object({ name: z.string(), columns: z.array(Column), primaryKey: z.array(z.string()) });

/** A function of schema public as a caller sees it. */
export type Routine = z.infer<typeof Routine>;
/** A table or view of schema public. */
export type Relation = z.infer<typeof Relation>;

const ROUTINES = `
  select p.proname as name, coalesce((
      select json_agg(json_build_object('name', coalesce(argument.name, ''), 'type', format_type(argument.type, null),
        'required', place <= p.pronargs - p.pronargdefaults, 'variadic', coalesce(argument.mode = 'v', false)) order by place)
      from unnest(p.proargnames, p.proargtypes, p.proargmodes) with ordinality as argument(name, type, mode, place)
      where argument.type is not null), '[]') as parameters,
    p.proretset as "isSet",
    result.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false) as "isComposite",
    p.prorettype = 'void'::regtype as "isVoid", p.provolatile = 'v' as "isVolatile", c.relname as relation,
    (select substr(setting, 19) from unnest(p.proconfig) setting where setting like 'statement_timeout=%')
      as "statementTimeout"
  from pg_proc p join pg_type result on result.oid = p.prorettype left join pg_class c on c.oid = result.typrelid
  where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
    and p.proname = $1 order by p.pronargs, p.oid`;

const RELATION = `
  select c.relname as name,
    (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'fallback',
        case when attidentity <> '' then format('nextval(%L)', pg_get_serial_sequence(c.oid::regclass::text, attname))
          else pg_get_expr(adbin, adrelid) end) order by attnum)
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
    coalesce((select json_agg(attname order by place) from pg_index
      cross join unnest(indkey::int2[]) with ordinality as key(attnum, place)
      join pg_attribute a on attrelid = c.oid and a.attnum = key.attnum
      where indrelid = c.oid and indisprimary), '[]') as "primaryKey"
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname = $1`;

/** The function of that name that takes these arguments. Throws PGRST202 where none does, PGRST203 where several do. */
export async function findRoutine(
  client: ClientBase,
  name: string,
  given: string[],
  isPost: boolean,
): Promise<Routine> {
  const named = z.array(Routine).parse((await client.query(ROUTINES, [name])).rows);
  const taking = named.filter((routine) => takes(routine, given));
  const fallback = isPost && taking.length === 0 ? named.filter(takesBody) : taking;
  const [found, second] = fallback;
  if (found === undefined) throw await noRoutine(client, name, given, isPost, named);
  if (second !== undefined) throw ambiguous(fallback);
  return found;
}

function takes({ parameters }: Routine, given: string[]): boolean {
  const known = parameters.map((parameter) => parameter.name);
  const required = parameters.filter((parameter) => parameter.required);
  return given.every((name) => known.includes(name)) && required.every(({ name }) => given.includes(name));
}

/** Whether a function has one unnamed parameter, which takes the whole body. */
export function takesBody({ parameters: [only, ...more] }: Routine): boolean {
  return only !== undefined && more.length === 0 && only.name === "" && /^jsonb?$/.test(only.type);
}

/** The table or view of that name. Throws PGRST205 where there is none. */
export async function findRelation(client: ClientBase, name: string): Promise<Relation> {
  const [found] = z.array(Relation).parse((await client.query(RELATION, [name])).rows);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    await names(client, "select relname as name from pg_class where relkind in ('r', 'p', 'v')"),
  );
  const hint = near === null ? null : `Perhaps you meant the table 'public.${near}'`;
  throw pgrst(404, "PGRST205", `Could not find the table 'public.${name}' in the schema cache`, null, hint);
}

async function noRoutine(
  client: ClientBase,
  name: string,
  given: string[],
  isPost: boolean,
  named: Routine[],
): Promise<Refusal> {
  const sorted = [...given].sort();
  const list = (names: string[]) => `(${[...names].sort().join(", ")})`;
  const what = sorted.length === 0 ? " without parameters" : ` with parameter${sorted.length > 1 ? "s" : ""} `;
  const body = isPost ? " or with a single unnamed json/jsonb parameter" : "";
  const details = `Searched for the function public.${name}${what}${sorted.join(", ")}${body}, but no matches were found in the schema cache.`;
  const message = `Could not find the function public.${name}${sorted.length === 0 ? what : list(sorted)} in the schema cache`;
  const near =
    named.length === 0
      ? nearest(name, await names(client, "select proname as name from pg_proc p where prokind = 'f'"))
      : nearest(
          list(sorted),
          named.map(({ parameters }) => list(parameters.map((parameter) => parameter.name))),
          0.33,
        );
  const called = named.length === 0 ? near : `${name}${near}`;
  const hint = near === null ? null : `Perhaps you meant to call the function public.${called}`;
  return pgrst(404, "PGRST202", message, details, hint);
}

function ambiguous(routines: Routine[]): Refusal {
  const shown = routines.map(
    ({ name, parameters }) =>
      `public.${name}(${parameters.map((parameter) => `${parameter.name} => ${parameter.type}`).join(", ")})`,
  );
  const hint =
    "Try renaming the parameters or the function itself in the database so function overloading can be resolved";
  const message = `Could not choose the best candidate function between: ${shown.join(", ")}`;
  return pgrst(300, "PGRST203", message, null, hint);
}

async function names(client: ClientBase, sql: string): Promise<string[]> {
  const space = sql.includes("pg_proc") ? "pronamespace" : "relnamespace";
  const { rows } = await client.query(`${sql} and ${space} = 'public'::regnamespace`);
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map((row) => row.name);
}

// Shared pairs of letters (Dice): like the fuzzy set that PostgREST asks, though not to the last digit.
function nearest(name: string, candidates: string[], least = 0.5): string | null {
  const pairs = (text: string) =>
    new Set([...`-${text}-`].slice(1).map((letter, index) => `-${text}-`[index] + letter));
  const wanted = pairs(name.toLowerCase());
  const scored = candidates.map((candidate) => {
    const own = pairs(candidate.toLowerCase());
    const shared = [...own].filter((pair) => wanted.has(pair)).length;
    return { candidate, score: (2 * shared) / (own.size + wanted.size) };
  });
  const best = scored.sort((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score >= least ? best.candidate : null;
}
