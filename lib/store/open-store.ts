import { existsSync } from "node:fs";
import type { Paths } from "../config";
import type { SqlConnection } from "./connection";
import type { Database } from "./database";
import { databaseStore, sqlDatabase } from "./database-store";
import { StoreLocationInvalid } from "./errors";
import { appliedMigrations, fileOf, migrate, pendingMigrations } from "./migrations";
import { openPglite } from "./pglite";
import { openPostgres } from "./postgres";
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

/** Whether there may be something at a location: a folder that is not there holds nothing, and opening it would make it. */
export function isStoreMade({ paths, databaseUrl, supabase }: StoreLocation): boolean {
  return databaseUrl !== undefined || supabase !== undefined || existsSync(paths.store);
}

/**
 * Opens the store and runs the migrations that it has not had yet; on Supabase it checks that it has had all.
 * @throws StoreLocked, StoreUnreadable (PGlite); StoreUnreachable, StoreAccessDenied (PostgreSQL); what `openSupabase`
 * and `migrate` throw
 */
export async function openStore(location: StoreLocation): Promise<Store> {
  return databaseStore(await openDatabase(location));
}

/** Opens the database of a store. @throws what `openStore` throws */
export async function openDatabase(location: StoreLocation): Promise<Database> {
  if (isSupabase(location)) return openSupabase(location.supabase);
  const connection = await connect(location);
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
 * Runs the migrations that a store has not had yet, or only names them.
 * @throws StoreLocationInvalid for Supabase's REST API, which changes no tables; what `openStore` throws
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

function connect({ paths, databaseUrl }: StoreLocation): Promise<SqlConnection> {
  return databaseUrl ? openPostgres(databaseUrl) : openPglite(paths.store);
}
