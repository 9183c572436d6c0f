import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SqlConnection } from "./connection";
import { SchemaMissing, SchemaNewer, StatementFailed } from "./errors";
import { openPostgres } from "./postgres";

/** The version that the schema writes into `thumbrank_schema`. */
export const SCHEMA_VERSION = 3;

const FOLDER = join(__dirname, "schema");

const INSUFFICIENT_PRIVILEGE = "42501";

interface Installed {
  version: number;
  checksum: string | null;
}

/**
 * Brings the database to this program's schema; does nothing where it has run as it is now.
 * @throws SchemaNewer when a later version of this program made the database
 * @throws SchemaMissing when the tables are not there and this user may not create them
 */
export async function ensureSchema(connection: SqlConnection): Promise<void> {
  const installed = await installedSchema(connection);
  if (installed !== null && installed.version > SCHEMA_VERSION) {
    throw new SchemaNewer(connection.description, installed.version, SCHEMA_VERSION);
  }
  const { sql, checksum } = await migration();
  if (installed?.checksum === checksum) return;
  try {
    await connection.script(sql);
  } catch (thrown) {
    if (!(thrown instanceof StatementFailed && thrown.sqlState === INSUFFICIENT_PRIVILEGE)) throw thrown;
    // Somebody else owns the tables: they do where they have this version.
    if (installed?.version !== SCHEMA_VERSION) throw new SchemaMissing(connection.description);
  }
}

/** Brings the database of a URL to this program's schema. @throws what `openPostgres` and `ensureSchema` throw */
export async function migrateDatabase(databaseUrl: string): Promise<{ store: string; version: number }> {
  const connection = await openPostgres(databaseUrl);
  try {
    await ensureSchema(connection);
    return { store: connection.description, version: SCHEMA_VERSION };
  } finally {
    await connection.close();
  }
}

/** The whole schema, to be run as one query: the files of schema/ in the order of their names. */
export async function schemaSql(): Promise<string> {
  return (await migration()).sql;
}

/** The schema with its checksum (SHA-256 of its files), which it writes at its end. */
export async function migration(): Promise<{ sql: string; checksum: string }> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
  const files = (await Promise.all(names.map((name) => readFile(join(FOLDER, name), "utf8")))).join("\n");
  const checksum = createHash("sha256").update(files).digest("hex");
  return { sql: `${files}\nupdate thumbrank_schema set checksum = '${checksum}';\n`, checksum };
}

async function installedSchema(connection: SqlConnection): Promise<Installed | null> {
  const [found] = await connection.query<{ present: boolean }>(
    "select to_regclass('thumbrank_schema') is not null as present",
  );
  if (!found?.present) return null;
  const [installed] = await connection.query<Installed>("select version, checksum from thumbrank_schema");
  return installed ?? null;
}
