import type { SupabaseClient } from "@supabase/supabase-js";
import type { Argument, Database } from "../database";
import { RowsMissing, SchemaMissing, SchemaOlder } from "../errors";
import { type AppliedMigration, fileOf, pendingMigrations } from "../migrations";
import { checkedCredentials, describeSupabase, type SupabaseCredentials } from "./credentials";
import { type Called, isTooMuch, toStoreError } from "./failure";
import { added, cut, isList, rowsAsked } from "./pages";
import { type Answered, CallFailed, PATIENCE, type RetryLimits, requested } from "./request";

type Values = Readonly<Record<string, Argument>>;

/** Supabase's own limit on the rows of an answer (db-max-rows), unless a project's settings change it. */
const PAGE_ROWS = 1000;

/** Calls the schema's functions through Supabase's REST API. */
export function supabaseDatabase(client: SupabaseClient, about: Omit<Called, "name">, patience: RetryLimits): Database {
  // Most rows per call, by function: learnt from truncated answers and time-outs.
  const most = new Map<string, number>();
  const mostOf = (name: string) => most.get(name) ?? Number.POSITIVE_INFINITY;
  const lower = (name: string, rows: number) => void most.set(name, Math.min(mostOf(name), Math.max(1, rows)));

  async function answered(name: string, values: Values): Promise<unknown[]> {
    try {
      return whole(await requested(client, name, values, patience));
    } catch (thrown) {
      if (thrown instanceof Cut) return fewer(name, values, thrown.given, thrown);
      if (!(thrown instanceof CallFailed)) throw thrown;
      const error = toStoreError(thrown.failure, { ...about, name });
      if (!isTooMuch(thrown.failure)) throw error;
      return fewer(name, values, Math.floor(rowsAsked(values) / 2), error);
    }
  }

  /** Repeats a call with fewer rows at once; throws `otherwise` if it cannot be reduced. */
  async function fewer(name: string, values: Values, rows: number, otherwise: Error): Promise<unknown[]> {
    const canBeLess = isList(values.batch) ? rows > 0 : typeof values.size === "number" && rows > 0;
    if (!canBeLess || rows >= rowsAsked(values)) {
      throw otherwise instanceof Cut
        ? new RowsMissing(about.address, name, otherwise.given, otherwise.counted)
        : otherwise;
    }
    lower(name, rows);
    return limited(name, values);
  }

  async function limited(name: string, values: Values): Promise<unknown[]> {
    const { size } = values;
    if (typeof size === "number") return answered(name, { ...values, size: Math.min(size, mostOf(name)) });
    const parts: unknown[][] = [];
    for (const part of cut(values, mostOf(name))) parts.push(await answered(name, part));
    return added(parts);
  }

  return {
    description: about.address,
    pageRows: PAGE_ROWS,
    async call<Row>(name: string, values: Values = {}) {
      return (await limited(name, values)) as Row[];
    },
    // Supabase's autovacuum does this.
    async vacuum() {},
    async close() {},
  };
}

/** An answer has fewer rows than the server counted. */
class Cut extends Error {
  constructor(
    readonly given: number,
    readonly counted: number,
  ) {
    super(`${given} of ${counted} rows`);
  }
}

function whole({ rows, counted }: Answered): unknown[] {
  if (counted !== null && rows.length !== counted) throw new Cut(rows.length, counted);
  return rows;
}

/**
 * Opens a project's database through its REST API. It keeps no connection, timer or session, so nothing needs closing.
 * @throws StoreLocationInvalid, StoreKeyRefused, StoreUnreachable, StorePaused, SchemaMissing, SchemaOlder, SchemaNewer
 */
export async function openSupabase(given: SupabaseCredentials, patience: RetryLimits = PATIENCE): Promise<Database> {
  const credentials = checkedCredentials(given);
  const { url, key } = credentials;
  const { createClient } = await import("@supabase/supabase-js");
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  const address = describeSupabase(credentials);
  const database = supabaseDatabase(client, { address, redact: (text) => text.replaceAll(key, "[key]") }, patience);
  const pending = (await pendingMigrations(await appliedMigrations(database), address)).map(fileOf);
  if (pending.length > 0) throw new SchemaOlder(address, pending);
  return database;
}

async function appliedMigrations(database: Database): Promise<AppliedMigration[]> {
  try {
    return await database.call<AppliedMigration>("applied_migrations");
  } catch (thrown) {
    if (!(thrown instanceof SchemaMissing)) throw thrown;
    // Databases older than the migrations have only this function.
    await database.call("schema_version");
    return [];
  }
}
