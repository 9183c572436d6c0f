import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SqlConnection } from "./connection";
import { SchemaMissing, SchemaNewer, StatementFailed } from "./errors";

/** The version that schema.sql writes into `thumbrank_schema`. */
export const SCHEMA_VERSION = 1;

const INSUFFICIENT_PRIVILEGE = "42501";

interface Installed {
  version: number;
  checksum: string | null;
}

/**
 * Brings the database to this program's schema; does nothing where schema.sql has run as it is now.
 * @throws SchemaNewer when a later version of this program made the database
 * @throws SchemaMissing when the tables are not there and this user may not create them
 */
export async function ensureSchema(connection: SqlConnection): Promise<void> {
  const installed = await installedSchema(connection);
  if (installed !== null && installed.version > SCHEMA_VERSION) {
    throw new SchemaNewer(connection.description, installed.version, SCHEMA_VERSION);
  }
  const sql = await readFile(join(__dirname, "schema.sql"), "utf8");
  const checksum = createHash("sha256").update(sql).digest("hex");
  if (installed?.checksum === checksum) return;
  try {
    await connection.script(`${sql}; update thumbrank_schema set checksum = '${checksum}';`);
  } catch (thrown) {
    if (!(thrown instanceof StatementFailed && thrown.sqlState === INSUFFICIENT_PRIVILEGE)) throw thrown;
    // Somebody else owns the tables: they do where they have this version.
    if (installed?.version !== SCHEMA_VERSION) throw new SchemaMissing(connection.description);
  }
}

async function installedSchema(connection: SqlConnection): Promise<Installed | null> {
  const [found] = await connection.query<{ present: boolean }>(
    "select to_regclass('thumbrank_schema') is not null as present",
  );
  if (!found?.present) return null;
  const [installed] = await connection.query<Installed>("select version, checksum from thumbrank_schema");
  return installed ?? null;
}
