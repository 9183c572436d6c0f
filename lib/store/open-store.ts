import { existsSync } from "node:fs";
import type { Paths } from "../config";
import type { Database } from "./database";
import { databaseStore, sqlDatabase } from "./database-store";
import { StoreLocationInvalid } from "./errors";
import { openPglite } from "./pglite";
import { openPostgres } from "./postgres";
import { ensureSchema } from "./schema";
import type { Store } from "./store";
import type { SupabaseCredentials } from "./supabase/credentials";
import { openSupabase } from "./supabase/supabase-database";

/** Where the store lies: the database of `databaseUrl`, else the project of `supabase`, else PGlite in the home's folder. */
export interface StoreLocation {
  paths: Pick<Paths, "store">;
  databaseUrl?: string | undefined;
  supabase?: SupabaseCredentials | undefined;
}

/**
 * Where an environment says that the store of a home lies: DATABASE_URL, else SUPABASE_URL and SUPABASE_KEY, else PGlite.
 * @throws StoreLocationInvalid where one of Supabase's two variables is set without the other
 */
export function storeLocation(
  paths: Pick<Paths, "store">,
  environment: NodeJS.ProcessEnv = process.env,
): StoreLocation {
  const { DATABASE_URL: databaseUrl, SUPABASE_URL: url, SUPABASE_KEY: key } = environment;
  if (databaseUrl) return { paths, databaseUrl };
  if (url && key) return { paths, supabase: { url, key } };
  if (!url && !key) return { paths };
  const [given, lacking] = url ? ["SUPABASE_URL", "SUPABASE_KEY"] : ["SUPABASE_KEY", "SUPABASE_URL"];
  throw new StoreLocationInvalid(`${given} is set and ${lacking} is not`, `set ${lacking}, or unset ${given}`);
}

/** Whether there may be something at a location: a folder that is not there holds nothing, and opening it would make it. */
export function isStoreMade({ paths, databaseUrl, supabase }: StoreLocation): boolean {
  return databaseUrl !== undefined || supabase !== undefined || existsSync(paths.store);
}

/**
 * Opens the store and brings its schema up to date; on Supabase it checks it.
 * @throws StoreLocked, StoreUnreadable (PGlite); StoreUnreachable, StoreAccessDenied (PostgreSQL); what `openSupabase`
 * throws; SchemaMissing, SchemaNewer
 */
export async function openStore(location: StoreLocation): Promise<Store> {
  return databaseStore(await openDatabase(location));
}

/** Opens the database of a store. @throws what `openStore` throws */
export async function openDatabase({ paths, databaseUrl, supabase }: StoreLocation): Promise<Database> {
  if (!databaseUrl && supabase !== undefined) return openSupabase(supabase);
  const connection = await (databaseUrl ? openPostgres(databaseUrl) : openPglite(paths.store));
  try {
    await ensureSchema(connection);
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
  return sqlDatabase(connection);
}
