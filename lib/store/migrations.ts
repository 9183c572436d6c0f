import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SqlConnection } from "./connection";
import { MigrationFailed, SchemaMissing, SchemaNewer, SchemaOlder, StatementFailed } from "./errors";

/** One file of supabase/migrations: `<version>_<name>.sql`, the version a timestamp of 14 digits. */
export interface Migration {
  version: string;
  /** Begins with "thumbrank_", which tells ours from other migrations of a project. */
  name: string;
  sql: string;
}

/** A migration that a database has had. */
export type AppliedMigration = Pick<Migration, "version" | "name">;

const FOLDER = join(__dirname, "..", "..", "supabase", "migrations");
const FILE = /^(\d{14})_(thumbrank_\w+)\.sql$/;
const OURS = /^thumbrank_/;
const INSUFFICIENT_PRIVILEGE = "42501";
/** How the script of a migration says that it failed. */
const FAILED = /^migration (\S+): (.*)$/s;

/**
 * Notes migrations where `supabase db push` does and in its form (supabase/cli, pkg/migration/history.go). The schema is
 * made only where it is missing, since making it takes the right to create schemas. The lock lets programs that migrate one
 * database at once take turns; it ends with the transaction.
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
 * Brings a database to this program's schema by the migrations that it has not had yet, all of them or none.
 * @returns those; none if it had all
 * @throws SchemaNewer when the database had migrations that this program does not know
 * @throws SchemaMissing, SchemaOlder when this user may not change the schema
 * @throws MigrationFailed naming the migration; the database is as it was
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
 * Our migrations that a database has had; null if it has none of our tables. @throws SchemaMissing if none of it may be
 * read
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
 * This program's migrations that a database has not had yet, in their order.
 * @param address the database, for people
 * @throws SchemaNewer if it had one that this program does not know
 */
export async function pendingMigrations(applied: readonly AppliedMigration[], address: string): Promise<Migration[]> {
  const known = await allMigrations();
  const versions = new Set(known.map(({ version }) => version));
  const newer = applied.filter(({ version, name }) => OURS.test(name) && !versions.has(version));
  if (newer.length > 0) throw new SchemaNewer(address, newer.map(fileOf));
  const had = new Set(applied.map(({ version }) => version));
  return known.filter(({ version }) => !had.has(version));
}

/** The whole schema as one script, which may run again at any time: it runs what is not noted yet, and grants access again. */
export async function schemaSql(): Promise<string> {
  return `${makeScript(await allMigrations())}\nselect secure_store();\n`;
}

/** The file of a migration. */
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

/** Runs migrations as one transaction, each unless it is noted, and notes it. */
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
