import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrateStore, schemaSql } from "../../lib/store";
import type { SqlConnection } from "../../lib/store/connection";
import { openPostgres } from "../../lib/store/postgres";
import { execute, startPostgres, type TestServer } from "./postgres";
import { KINDS } from "./stores";

const ROOT = join(__dirname, "..", "..");
const MIGRATIONS = join("supabase", "migrations");
const FILES = (await readdir(join(ROOT, MIGRATIONS))).sort();
const HISTORY = "supabase_migrations.schema_migrations";

const noted = (connection: SqlConnection) =>
  connection.query<{ file: string }>(`select version || '_' || name || '.sql' as file from ${HISTORY} order by 1`);

describe.skipIf(KINDS[1]?.absent)(`${KINDS[1]?.kind}`, () => {
  let server: TestServer;
  let project: string;
  beforeAll(async () => {
    const started = await startPostgres();
    if (started === null) throw new Error("there is no PostgreSQL here");
    server = started;
    project = await mkdtemp(join(tmpdir(), "thumbrank-migrations-"));
    for (const name of ["lib", "supabase", "package.json", "tsconfig.json"])
      await cp(join(ROOT, name), join(project, name), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(project, "node_modules"));
    await writeFile(join(project, "migrate.ts"), PROGRAM);
  });
  afterAll(async () => {
    await rm(project, { recursive: true, force: true });
    await server.stop();
  });

  /** Migrates by the copy of the program, with what was planted in it. */
  async function migrate(databaseUrl: string): Promise<{ migrations?: string[]; code?: string; migration?: string }> {
    const environment = { ...process.env, DATABASE_URL: databaseUrl };
    const args = ["--import", "tsx", "migrate.ts"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project, env: environment });
    return JSON.parse(stdout) as Awaited<ReturnType<typeof migrate>>;
  }

  test("a dry run names the migrations and changes nothing; then each is run once, in order", async () => {
    const location = { paths: { store: "" }, databaseUrl: await server.createDatabase() };
    expect((await migrateStore(location, true)).migrations).toEqual(FILES);
    expect((await migrateStore(location, true)).migrations).toEqual(FILES);
    expect((await migrateStore(location, false)).migrations).toEqual(FILES);
    expect((await migrateStore(location, false)).migrations).toEqual([]);
    const connection = await openPostgres(location.databaseUrl);
    expect((await noted(connection)).map(({ file }) => file)).toEqual(FILES);
    const [columns] = await connection.query(
      `select string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' order by ordinal_position) as found
         from information_schema.columns where table_name = 'schema_migrations'`,
    );
    // As the Supabase command line makes it.
    expect(columns).toEqual({ found: "version text NO, statements ARRAY YES, name text YES" });
    await connection.close();
  });

  test("what `supabase db push` ran and noted is not run again", async () => {
    const databaseUrl = await server.createDatabase();
    await execute(
      databaseUrl,
      `create schema supabase_migrations;
       create table ${HISTORY} (version text not null primary key);
       alter table ${HISTORY} add column statements text[];
       alter table ${HISTORY} add column name text;`,
    );
    for (const file of FILES) {
      await execute(databaseUrl, await readFile(join(ROOT, MIGRATIONS, file), "utf8"));
      const [, version, name] = /^(\d+)_(.*)\.sql$/.exec(file) ?? [];
      await execute(
        databaseUrl,
        `insert into ${HISTORY} (version, name, statements) values ('${version}', '${name}', '{}')`,
      );
    }
    expect((await migrateStore({ paths: { store: "" }, databaseUrl }, false)).migrations).toEqual([]);
  });

  test("the printed schema runs on an empty database and again, and notes what it ran", async () => {
    const databaseUrl = await server.createDatabase();
    await execute(databaseUrl, await schemaSql());
    await execute(databaseUrl, await schemaSql());
    expect((await migrateStore({ paths: { store: "" }, databaseUrl }, false)).migrations).toEqual([]);
  });

  test("a migration that fails is named and leaves the store as it was, with those that ran before it", async () => {
    const databaseUrl = await server.createDatabase();
    await migrateStore({ paths: { store: "" }, databaseUrl }, false);
    const planted = { "29990101000000_thumbrank_good.sql": "create table good (id integer);", [BAD]: "select 1 / 0;" };
    for (const [file, sql] of Object.entries(planted)) await writeFile(join(project, MIGRATIONS, file), sql);
    expect(await migrate(databaseUrl)).toMatchObject({ code: "STORE_MIGRATION_FAILED", migration: BAD });
    const connection = await openPostgres(databaseUrl);
    expect((await noted(connection)).map(({ file }) => file)).toEqual(FILES);
    expect(await connection.query("select to_regclass('good') as good")).toEqual([{ good: null }]);

    // Corrected, both run; several programs at once run each exactly once.
    await writeFile(join(project, MIGRATIONS, BAD), "create table bad (id integer); insert into bad values (1);");
    const migrated = await Promise.all([migrate(databaseUrl), migrate(databaseUrl), migrate(databaseUrl)]);
    expect(migrated.map(({ code }) => code)).toEqual([undefined, undefined, undefined]);
    expect(await connection.query("select id from bad")).toEqual([{ id: 1 }]);
    await connection.close();

    await expect(migrateStore({ paths: { store: "" }, databaseUrl }, false)).rejects.toMatchObject({
      code: "STORE_SCHEMA_NEWER",
      unknown: ["29990101000000_thumbrank_good.sql", BAD],
    });
    await rm(join(project, MIGRATIONS, "29990101000000_thumbrank_good.sql"));
    await rm(join(project, MIGRATIONS, BAD));
  }, 60_000);

  test("a user who may read, but not change, an older store is told so", async () => {
    const databaseUrl = await server.createDatabase();
    await migrateStore({ paths: { store: "" }, databaseUrl }, false);
    await execute(databaseUrl, `delete from ${HISTORY} where version = (select max(version) from ${HISTORY})`);
    const role = `reader${process.pid}`;
    await execute(
      databaseUrl,
      `create role ${role} login password 'r'; grant select on all tables in schema public to ${role}`,
    );
    const url = Object.assign(new URL(databaseUrl), { username: role, password: "r" }).href;
    await expect(migrateStore({ paths: { store: "" }, databaseUrl: url }, false)).rejects.toMatchObject({
      code: "STORE_SCHEMA_OLDER",
      pending: [FILES.at(-1)],
    });
    await execute(databaseUrl, `drop owned by ${role}; drop role ${role}`);
  });
});

test("Supabase's REST API migrates nothing, and says what does", async () => {
  const supabase = { url: "https://project.supabase.co", key: "sb_secret_x" };
  await expect(migrateStore({ paths: { store: "" }, supabase }, false)).rejects.toThrow(/DATABASE_URL/);
});

test("a dry run makes no store", async () => {
  const paths = { store: join(tmpdir(), `thumbrank-none-${process.pid}`) };
  expect((await migrateStore({ paths }, true)).migrations).toEqual(FILES);
  await expect(mkdir(paths.store)).resolves.toBeUndefined();
  await rm(paths.store, { recursive: true });
});

const BAD = "29990101000001_thumbrank_bad.sql";

const PROGRAM = `import { migrateStore } from "./lib/store";
migrateStore({ paths: { store: "" }, databaseUrl: process.env.DATABASE_URL }, false).then(
  (migrated) => process.stdout.write(JSON.stringify(migrated)),
  (error) => process.stdout.write(JSON.stringify({ code: error.code, migration: error.migration })),
);
`;
