import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeEmptyDatabase } from "../../lib/store/empty-database";
import { makeMigratedDatabase } from "../../lib/store/migrated-database";
import { migrate } from "../../lib/store/migrations";
import { openFiles } from "../../lib/store/pglite";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-empty-database-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every file below a folder with its content. */
async function contentOf(place: string): Promise<Map<string, string>> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (file: string) =>
    [file.slice(place.length), (await readFile(file)).toString("base64")] satisfies [string, string];
  return new Map(await Promise.all(files.sort().map(read)));
}

async function expectEmpty(dataDir: string): Promise<void> {
  const database = await PGlite.create({ dataDir });
  const { rows } = await database.query("select count(*)::int as tables from pg_tables where schemaname = 'public'");
  expect(rows).toEqual([{ tables: 0 }]);
  await database.close();
}

test("one is kept, even where two are wanted at once, and copied to the byte; what a killed process left goes", async () => {
  const cache = join(folder, "cache");
  const version = /"version": "([^"]+)"/.exec(
    await readFile(require.resolve("@electric-sql/pglite").replace(/dist.*/, "package.json"), "utf8"),
  )?.[1];
  await mkdir(join(cache, `${version}.new-killed`), { recursive: true });
  const databases = [join(folder, "first"), join(folder, "second")];
  await Promise.all(databases.map((database) => makeEmptyDatabase(database, cache)));
  expect(await readdir(cache)).toEqual([version]);
  const kept = await contentOf(join(cache, version ?? ""));
  for (const database of databases) {
    expect(await contentOf(database)).toEqual(kept);
    await expectEmpty(database);
  }
  // Stores that write leave the kept one as it was.
  expect(await contentOf(join(cache, version ?? ""))).toEqual(kept);
});

/** Runs the pending migrations. @returns how many there were, and every column, function and policy that there is then */
async function migrated(database: string) {
  const connection = await openFiles(database);
  const pending = (await migrate(connection)).length;
  const made = await connection.query(`
    select table_schema || '.' || table_name || '.' || column_name || ' ' || data_type as made
      from information_schema.columns where table_schema in ('public', 'supabase_migrations')
    union all select oid::regprocedure || md5(prosrc) from pg_proc where pronamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select version || name from supabase_migrations.schema_migrations order by 1`);
  await connection.close();
  return { pending, made };
}

test("a migrated one is kept beside it and has what the migrations make of an empty one", async () => {
  const cache = join(folder, "cache");
  const databases = [join(folder, "third"), join(folder, "fourth")];
  for (const database of databases) await makeMigratedDatabase(database, cache);
  await makeEmptyDatabase(join(folder, "fifth"), cache);
  expect((await readdir(cache)).length).toBe(2);
  const byMigrations = await migrated(join(folder, "fifth"));
  expect(byMigrations.pending).toBeGreaterThan(10);
  for (const database of databases) expect(await migrated(database)).toEqual({ ...byMigrations, pending: 0 });
});

test("where the cache cannot be written the database is made all the same, for its opener to migrate", async () => {
  const file = join(folder, "no-folder");
  await writeFile(file, "");
  const database = join(folder, "uncached");
  await makeMigratedDatabase(database, join(file, "cache"));
  await expectEmpty(database);
});
