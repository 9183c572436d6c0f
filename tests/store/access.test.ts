import { createClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../lib/store";
import { type Supabase, startSupabase } from "../supabase/supabase";
import { execute, startPostgres, type TestServer } from "./postgres";
import { KINDS, pgliteStores } from "./stores";
import { worldOf } from "./world";

async function rowsOf(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test("the schema's lists of tables, keys and functions are those of the database", async () => {
  const stores = await pgliteStores();
  await stores.empty();
  const columnOf = async (sql: string) =>
    (await stores.connection.query<{ name: string }>(sql)).map(({ name }) => name);
  const own =
    "namespace = 'public'::regnamespace and not exists (select from pg_depend where objid = e.oid and deptype = 'e')";
  expect(await columnOf("select name from store_tables() union select 'thumbrank_schema' order by 1")).toEqual(
    await columnOf(
      `select relname::text as name from pg_class as e where rel${own} and relkind in ('r', 'p') order by 1`,
    ),
  );
  expect(await columnOf("select unnest(store_functions()) as name order by 1")).toEqual(
    await columnOf(`select distinct proname::text as name from pg_proc as e where pro${own} order by 1`),
  );
  const keys = await stores.connection.query<{
    name: string;
    key: string[];
    unique: string[][];
    locale: string[] | null;
  }>(`
    select name, key,
      (select jsonb_agg((select jsonb_agg(attname order by place) from unnest(indkey) with ordinality as part (attnum, place)
          join pg_attribute as a on a.attrelid = indrelid and a.attnum = part.attnum))
        from pg_index where indrelid = name::regclass and indisunique) as unique,
      (select jsonb_agg(attname) from pg_attribute join pg_collation on pg_collation.oid = attcollation
        where attrelid = name::regclass and attname = any (key) and collname <> 'C') as locale
    from store_tables()`);
  for (const { key, unique } of keys) expect(unique).toContainEqual(key);
  expect(keys.filter(({ locale }) => locale !== null).map(({ name }) => name)).toEqual(["encoder_identities"]);
  await stores.end();
});

describe.skipIf(KINDS[2]?.absent)(`${KINDS[2]?.kind}, an older project that grants everybody every new table`, () => {
  let project: Supabase;
  beforeAll(async () => {
    project = await startSupabase({ exposure: "automatic" });
    await execute(
      project.databaseUrl,
      "create table diary (line text); create function hello() returns int language sql as 'select 1'",
    );
    const store = await openStore({ paths: { store: "" }, databaseUrl: project.databaseUrl });
    await store.upsertVideos(worldOf(61, 2, 3));
    await store.close();
  });
  afterAll(() => project?.stop());

  const privileges = (role: string) =>
    rowsOf(
      project.databaseUrl,
      `select name as of from store_tables() where has_table_privilege('${role}', name, 'select, insert, update, delete, truncate, references, trigger')
       union all select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace
         and proname = any (store_functions()) and has_function_privilege('${role}', oid, 'execute')`,
    );

  test("only service_role may touch a table or call a function", async () => {
    expect(await privileges("anon")).toEqual([]);
    expect(await privileges("authenticated")).toEqual([]);
    const [all] = await rowsOf(
      project.databaseUrl,
      `select (select count(*) from store_tables()) + (select count(*) from pg_proc
      where pronamespace = 'public'::regnamespace and proname = any (store_functions())) as objects`,
    );
    expect(await privileges("service_role")).toHaveLength(Number(all?.objects));
  });

  test("what else is in the schema keeps its grants", async () => {
    const [grants] = await rowsOf(
      project.databaseUrl,
      `select has_table_privilege('anon', 'diary', 'select') as "table",
      has_function_privilege('anon', 'hello()', 'execute') as "function",
      (select relrowsecurity from pg_class where relname = 'diary') as secured`,
    );
    expect(grants).toEqual({ table: true, function: true, secured: false });
  });

  test("a grant given by mistake shows no row, for row level security has no policy", async () => {
    await execute(project.databaseUrl, "grant select, delete on thumbnails to anon");
    const browser = createClient(project.url, project.anonKey, { auth: { persistSession: false } });
    expect((await browser.from("thumbnails").select()).data).toEqual([]);
    await browser.from("thumbnails").delete().neq("video_id", "");
    expect((await browser.from("channels").select()).error).toMatchObject({ code: "42501" });
    expect((await browser.rpc("count_videos")).error).toMatchObject({ code: "42501" });
    const [left] = await rowsOf(project.databaseUrl, "select count(*)::int as videos from thumbnails");
    expect(left?.videos).toBeGreaterThan(0);
    await execute(project.databaseUrl, "revoke all on thumbnails from anon");
    const unsecured = "select relname from pg_class join store_tables() on name = relname where not relrowsecurity";
    expect(await rowsOf(project.databaseUrl, unsecured)).toEqual([]);
  });

  test("the only function that runs with its owner's rights has its search_path fixed", async () => {
    const found = await rowsOf(
      project.databaseUrl,
      "select proname, proconfig::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef",
    );
    expect(found).toEqual([{ proname: "refresh_statistics", proconfig: '{"search_path=public, pg_temp"}' }]);
  });
});

const onlyOwn = process.env.THUMBRANK_TEST_DATABASE_URL === undefined;
describe.skipIf(KINDS[1]?.absent || !onlyOwn)(`${KINDS[1]?.kind} of one's own, without Supabase's roles`, () => {
  let server: TestServer | null;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test("the owner decides: who is granted a table sees its rows and may call the functions", async () => {
    const url = (await server?.createDatabase()) ?? "";
    const world = worldOf(62, 2, 3);
    const store = await openStore({ paths: { store: "" }, databaseUrl: url });
    await store.upsertVideos(world);
    await store.close();
    await execute(
      url,
      "create role reader login password 'reader'; grant select on all tables in schema public to reader",
    );
    const guest = await openStore({
      paths: { store: "" },
      databaseUrl: Object.assign(new URL(url), { username: "reader", password: "reader" }).href,
    });
    expect(await guest.count()).toBe(world.length);
    await guest.close();
  });
});
