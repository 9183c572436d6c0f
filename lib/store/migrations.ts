import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SqlConnection } from "./connection";
import { MigrationFailed, SchemaMissing, SchemaNewer, SchemaOlder, StatementFailed } from "./errors";

/** One file of supabase/migrations: `<version>_<name>.sql`, the version a timestamp of 14 digits. */
export interface Migration {
  version: string;
  /** Starts with "thumbrank_", which distinguishes our migrations from others of a project. */
  name: string;
  sql: string;
}

/** A migration that was applied to a database. */
export type AppliedMigration = Pick<Migration, "version" | "name">;

const FOLDER = join(__dirname, "..", "..", "supabase", "migrations");
const FILE = /^(\d{14})_(thumbrank_\w+)\.sql$/;
const OURS = /^thumbrank_/;
const INSUFFICIENT_PRIVILEGE = "42501";
/** Form of the message that a failed migration raises. */
const FAILED = /^migration (\S+): (.*)$/s;

/**
 * Records migrations in the same table and form as `supabase db push` (supabase/cli, pkg/migration/history.go). The
 * schema is created only if it is missing, since that takes the privilege to create schemas. The lock makes concurrent
 * migrations of one database take turns; it is released at the end of the transaction.
 */
const HISTORY = `
select pg_advisory_xact_lock(1414025296); -- "THUM"
set local client_min_messages = warning;
do $$ begin
  if to_regnamespace('supabase_migrations') is null then create schema supabase_migrations; end if;
  if to_regclass('supabase_migrations.schema_migrations') is null then
    create table supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text);
  end if;
  if to_regclass('thumbrank_schema') is null then -- the tables were dropped, and what was noted of them stayed
    delete from supabase_migrations.schema_migrations where name like 'thumbrank!_%' escape '!';
  end if;
end $$;
`;

/**
 * Brings a database to this program's schema by running its pending migrations, all of them or none.
 * @returns the migrations that ran
 * @throws SchemaNewer if the database has migrations that this program does not know
 * @throws SchemaMissing, SchemaOlder if this user may not change the schema
 * @throws MigrationFailed naming the migration; the database is unchanged
 */
export async function migrate(connection: SqlConnection): Promise<Migration[]> {
  const applied = await appliedMigrations(connection);
  const pending = await pendingMigrations(applied ?? [], connection.description);
  if (pending.length === 0) return [];
  try {
    await connection.script(makeScript(pending));
  } catch (thrown) {
    if (!(thrown instanceof StatementFailed)) throw thrown;
    if (thrown.sqlState === INSUFFICIENT_PRIVILEGE) {
      throw applied === null
        ? new SchemaMissing(connection.description)
        : new SchemaOlder(connection.description, pending.map(fileOf));
    }
    const [, file, reason] = FAILED.exec(thrown.reason) ?? [];
    if (file === undefined || reason === undefined) throw thrown;
    throw new MigrationFailed(connection.description, file, reason);
  }
  return pending;
}

/**
 * The migrations applied to a database, including those of others; null if it has none of our tables.
 * @throws SchemaMissing if this user may not read them
 */
export async function appliedMigrations(connection: SqlConnection): Promise<AppliedMigration[] | null> {
  try {
    const [found] = await connection.query<{ made: boolean; noted: boolean }>(
      `select to_regclass('thumbrank_schema') is not null as made,
         to_regclass('supabase_migrations.schema_migrations') is not null as noted`,
    );
    if (!found?.made) return null;
    if (!found.noted) return [];
    return await connection.query(
      "select version, coalesce(name, '') as name from supabase_migrations.schema_migrations",
    );
  } catch (thrown) {
    if (thrown instanceof StatementFailed && thrown.sqlState === INSUFFICIENT_PRIVILEGE)
      throw new SchemaMissing(connection.description);
    throw thrown;
  }
}

/**
 * This program's migrations that were not applied to a database yet, in order.
 * @param address human-readable name of the database
 * @throws SchemaNewer if the database has one that this program does not know
 */
export async function pendingMigrations(applied: readonly AppliedMigration[], address: string): Promise<Migration[]> {
  const known = await allMigrations();
  const versions = new Set(known.map(({ version }) => version));
  const newer = applied.filter(({ version, name }) => OURS.test(name) && !versions.has(version));
  if (newer.length > 0) throw new SchemaNewer(address, newer.map(fileOf));
  const had = new Set(applied.map(({ version }) => version));
  return known.filter(({ version }) => !had.has(version));
}

/** The whole schema as one script. It can be run again: it runs only pending migrations, and grants access again. */
export async function schemaSql(): Promise<string> {
  return `${makeScript(await allMigrations())}\nselect secure_store();\n`;
}

export const fileOf = ({ version, name }: AppliedMigration): string => `${version}_${name}.sql`;

async function allMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (file) => {
      const [, version, name] = FILE.exec(file) ?? [];
      if (version === undefined || name === undefined)
        throw new Error(`supabase/migrations/${file} is not named <14 digits>_thumbrank_<name>.sql`);
      return { version, name, sql: await readFile(join(FOLDER, file), "utf8") };
    }),
  );
}

/** Writes a script that runs and records each migration that is not recorded yet, all in one transaction. */
function makeScript(migrations: readonly Migration[]): string {
  const steps = migrations.map(
    ({ version, name, sql }) => `
do $migration$
declare
  migration text := $thumbrank_${version}$
${sql}$thumbrank_${version}$;
begin
  if exists (select from supabase_migrations.schema_migrations where version = '${version}') then return; end if;
  execute migration;
  insert into supabase_migrations.schema_migrations (version, name, statements)
    values ('${version}', '${name}', array[migration]);
exception when others then
  raise exception using errcode = sqlstate, message = 'migration ${version}_${name}.sql: ' || sqlerrm;
end $migration$;
`,
  );
  return [HISTORY, ...steps].join("");
}
