import type { Database } from "../database";
import { migration } from "../schema";
import { listTables } from "./checksum";

/** What a store holds. */
export interface StoreStatus {
  store: string;
  version: number;
  /** Whether its functions are those of this program; null where that is not known. */
  current: boolean | null;
  tables: { table: string; rows: number }[];
}

/** Version of the schema and rows of every table. */
export async function storeStatus(database: Database): Promise<StoreStatus> {
  const [installed] = await database.call<{ version: number; checksum: string | null }>("schema_version");
  const tables: StoreStatus["tables"] = [];
  for (const { name } of await listTables(database)) {
    const [row] = await database.call<{ counted: number }>("count_rows", { of_table: name });
    tables.push({ table: name, rows: row?.counted ?? 0 });
  }
  const { version, checksum } = { version: 0, checksum: null, ...installed };
  const current = checksum === null ? null : checksum === (await migration()).checksum;
  return { store: database.description, version, current, tables };
}
