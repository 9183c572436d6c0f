import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { SqlConnection } from "../../lib/store/connection";

/** A store as an earlier commit made it: what `store schema` printed then, and every table's rows as JSON. See make.mjs. */
export interface OldStore {
  schema: string;
  rows: Record<string, string[]>;
}

export function oldStore(name: "store-2" | "store-3"): OldStore {
  return JSON.parse(gunzipSync(readFileSync(join(__dirname, name, "store.json.gz"))).toString()) as OldStore;
}

/** Makes the old store in an empty database, by its own functions. */
export async function install(connection: SqlConnection, { schema, rows }: OldStore): Promise<void> {
  await connection.script(schema);
  for (const [table, contents] of Object.entries(rows))
    await connection.query("select * from write_contents($1, $2)", [table, JSON.stringify(contents)]);
}
