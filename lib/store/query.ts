import type { Paths } from "../config";
import { databaseAddress } from "./address";
import type { SqlConnection } from "./connection";
import { QueryNeedsDatabase } from "./errors";
import { migrate } from "./migrations";
import { storeLocation } from "./open-store";
import { openPglite } from "./pglite";
import { openPostgres } from "./postgres";
import { whenUnlocked } from "./with-store";

const READ_ONLY = "default_transaction_read_only";

/**
 * Runs a read-only SQL query on the database of a home (DATABASE_URL if it is set, otherwise PGlite), for exploring.
 * @returns rows as objects keyed by column; cast counts to int, since servers return bigints as text
 * @throws QueryNeedsDatabase on Supabase, StatementFailed, and what `openStore` throws
 */
export async function queryStore(paths: Pick<Paths, "store">, sql: string): Promise<Record<string, unknown>[]> {
  const { databaseUrl, supabase } = storeLocation(paths);
  if (supabase !== undefined) throw new QueryNeedsDatabase();
  const connection = await readOnly(paths, databaseUrl);
  try {
    return await connection.query<Record<string, unknown>>(sql);
  } finally {
    await connection.close();
  }
}

async function readOnly({ store }: Pick<Paths, "store">, databaseUrl?: string): Promise<SqlConnection> {
  if (databaseUrl) return openPostgres(withOption(databaseAddress(databaseUrl).connectionString));
  const connection = await whenUnlocked(() => openPglite(store));
  await migrate(connection);
  await connection.script(`set ${READ_ONLY} = on`);
  return connection;
}

/** Adds the read-only option to those in a URL, so that every connection of the pool starts with it. */
function withOption(databaseUrl: string): string {
  const [address = "", query = ""] = databaseUrl.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set("options", `${parameters.get("options") ?? ""} -c ${READ_ONLY}=on`.trim());
  return `${address}?${parameters}`;
}
