import { existsSync } from "node:fs";
import type { Paths } from "../config";
import type { SqlConnection } from "./connection";
import type { Database } from "./database";
import { databaseStore, sqlDatabase } from "./database-store";
import { StoreLocationInvalid } from "./errors";
import { makeMigratedDatabase } from "./migrated-database";
import { appliedMigrations, fileOf, migrate, pendingMigrations } from "./migrations";
import { openPglite } from "./pglite";
import { openPostgres } from "./postgres";
import type { Store } from "./store";
import type { SupabaseCredentials } from "./supabase/credentials";
import { openSupabase } from "./supabase/supabase-database";

/** Where the store is: the database of `databaseUrl`, else the project of `supabase`, else PGlite in `paths.store`. */
export interface StoreLocation {
  paths: Pick<Paths, "store">;
  databaseUrl?: string | undefined;
  supabase?: SupabaseCredentials | undefined;
}

/**
 * Finds a home's store from the environment: DATABASE_URL, else SUPABASE_URL and SUPABASE_KEY, else PGlite.
 * @throws StoreLocationInvalid if one of Supabase's two variables is set without the other
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

/** Whether a store may exist at a location. For PGlite it checks the folder, since opening would create it. */
export function isStoreMade({ paths, databaseUrl, supabase }: StoreLocation): boolean {
  return databaseUrl !== undefined || supabase !== undefined || existsSync(paths.store);
}

/**
 * Opens the store and runs its pending migrations; on Supabase it checks that none are pending.
 * @throws StoreLocked, StoreUnreadable (PGlite); StoreUnreachable, StoreAccessDenied (PostgreSQL); what `openSupabase`
 * and `migrate` throw
 */
export async function openStore(location: StoreLocation): Promise<Store> {
  return databaseStore(await openDatabase(location));
}

/** Opens the database of a store. @throws what `openStore` throws */
export async function openDatabase(location: StoreLocation): Promise<Database> {
  if (isSupabase(location)) return openSupabase(location.supabase);
  const connection = await connect(location, makeMigratedDatabase);
  try {
    await migrate(connection);
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
  return sqlDatabase(connection);
}

/** What `migrateStore` did or, with `dryRun`, would do. */
export interface StoreMigration {
  store: string;
  /** Files of supabase/migrations. */
  migrations: string[];
}

/**
 * Runs the pending migrations of a store or, with `dryRun`, only lists them.
 * @throws StoreLocationInvalid for Supabase's REST API, which cannot change tables; what `openStore` throws
 */
export async function migrateStore(location: StoreLocation, dryRun: boolean): Promise<StoreMigration> {
  if (isSupabase(location)) {
    throw new StoreLocationInvalid(
      "the store is Supabase's REST API, which changes no tables",
      "set DATABASE_URL to the project's connection string (dashboard: Connect), or paste what `thumbrank store schema` prints into the SQL editor",
    );
  }
  if (dryRun && !isStoreMade(location)) {
    return { store: `PGlite in ${location.paths.store}`, migrations: (await pendingMigrations([], "")).map(fileOf) };
  }
  const connection = await connect(location);
  try {
    const store = connection.description;
    if (!dryRun) return { store, migrations: (await migrate(connection)).map(fileOf) };
    const pending = await pendingMigrations((await appliedMigrations(connection)) ?? [], store);
    return { store, migrations: pending.map(fileOf) };
  } finally {
    await connection.close();
  }
}

type SupabaseLocation = StoreLocation & { supabase: SupabaseCredentials };

const isSupabase = (location: StoreLocation): location is SupabaseLocation =>
  !location.databaseUrl && location.supabase !== undefined;

function connect(
  { paths, databaseUrl }: StoreLocation,
  make?: (folder: string) => Promise<void>,
): Promise<SqlConnection> {
  return databaseUrl ? openPostgres(databaseUrl) : openPglite(paths.store, make);
}
