import type { Database } from "../database";
import { SchemaNewer, SchemaOlder } from "../errors";
import { SCHEMA_VERSION } from "../schema";
import { checkedCredentials, descriptionOf, type SupabaseCredentials } from "./credentials";
import { PATIENCE, type Patience } from "./request";
import { supabaseDatabase } from "./supabase-database";

/**
 * Opens a project's database by its REST API. It keeps no connection, timer or session, so it ends with the program.
 * @throws StoreLocationInvalid, StoreKeyRefused, StoreUnreachable, StorePaused, SchemaMissing, SchemaOlder, SchemaNewer
 */
export async function openSupabase(given: SupabaseCredentials, patience: Patience = PATIENCE): Promise<Database> {
  const credentials = checkedCredentials(given);
  const { url, key } = credentials;
  const { createClient } = await import("@supabase/supabase-js");
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  const address = descriptionOf(credentials);
  const database = supabaseDatabase(client, { address, redact: (text) => text.replaceAll(key, "[key]") }, patience);
  const [installed] = await database.call<{ version: number }>("schema_version");
  const version = installed?.version ?? 0;
  if (version > SCHEMA_VERSION) throw new SchemaNewer(address, version, SCHEMA_VERSION);
  if (version < SCHEMA_VERSION) throw new SchemaOlder(address, version, SCHEMA_VERSION);
  return database;
}
