import type { Database } from "../database";
import { type AppliedMigration, fileOf } from "../migrations";
import { listTables } from "./checksum";

/** What a store holds. */
export interface StoreStatus {
  store: string;
  /** Files of supabase/migrations that were applied. */
  migrations: string[];
  tables: { table: string; rows: number }[];
}

/** Reads the applied migrations and the row count of every table. */
export async function storeStatus(database: Database): Promise<StoreStatus> {
  const applied = await database.call<AppliedMigration>("applied_migrations");
  const tables: StoreStatus["tables"] = [];
  for (const { name } of await listTables(database)) {
    const [row] = await database.call<{ counted: number }>("count_rows", { of_table: name });
    tables.push({ table: name, rows: row?.counted ?? 0 });
  }
  return { store: database.description, migrations: applied.map(fileOf), tables };
}
