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
 * Asks the database of a home (DATABASE_URL where it is set, else PGlite) by SQL, for exploring: it can change nothing.
 * @returns rows as objects by column; cast counts to int, for servers give bigints as text
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

/** Every connection of a pool begins with the options of its URL, after those that it has already. */
function withOption(databaseUrl: string): string {
  const [address = "", query = ""] = databaseUrl.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set("options", `${parameters.get("options") ?? ""} -c ${READ_ONLY}=on`.trim());
  return `${address}?${parameters}`;
}
