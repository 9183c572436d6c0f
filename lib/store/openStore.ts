import type { Paths } from "../config";
import { databaseStore } from "./databaseStore";
import { openPglite } from "./pglite";
import { openPostgres } from "./postgres";
import { ensureSchema } from "./schema";
import { sqlDatabase } from "./sqlDatabase";
import type { Store } from "./store";

/** Where the store lies: the database of `databaseUrl`, else PGlite in the home's folder. */
export interface StoreLocation {
  paths: Pick<Paths, "store">;
  databaseUrl?: string | undefined;
}

/**
 * Opens the store and brings its schema up to date.
 * @throws StoreLocked, StoreUnreadable (PGlite); StoreUnreachable, StoreAccessDenied (PostgreSQL); SchemaMissing,
 * SchemaNewer
 */
export async function openStore({ paths, databaseUrl }: StoreLocation): Promise<Store> {
  const connection = await (databaseUrl ? openPostgres(databaseUrl) : openPglite(paths.store));
  try {
    await ensureSchema(connection);
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
  return databaseStore(sqlDatabase(connection));
}
