import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../lib/store";
import type { SqlConnection } from "../../lib/store/connection";
import { databaseStore } from "../../lib/store/databaseStore";
import { openPglite } from "../../lib/store/pglite";
import { openPostgres } from "../../lib/store/postgres";
import { ensureSchema } from "../../lib/store/schema";
import { sqlDatabase } from "../../lib/store/sqlDatabase";
import { startPostgres } from "./postgres";
import { binariesFolder } from "./postgresBinaries";

/** Empty stores of one kind for the tests of a file: one database, emptied for each test. */
export interface Stores {
  connection: SqlConnection;
  /** The same store, empty again. */
  empty(): Promise<Store>;
  /** The store closed and opened again, as a new process would. */
  reopen(): Promise<Store>;
  end(): Promise<void>;
}

const hasPostgres = process.env.THUMBRANK_TEST_DATABASE_URL !== undefined || (await binariesFolder()) !== null;

/** What the contract is tested on. */
export const KINDS = [
  { kind: "PGlite", absent: false, make: pgliteStores },
  {
    kind: hasPostgres ? "PostgreSQL" : "PostgreSQL (needs a server or its binaries)",
    absent: !hasPostgres,
    make: postgresStores,
  },
];

export async function pgliteStores(): Promise<Stores> {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-store-"));
  return stores(
    () => openPglite(folder),
    () => rm(folder, { recursive: true }),
  );
}

export async function postgresStores(): Promise<Stores> {
  const server = await startPostgres();
  if (server === null) throw new Error("there is no PostgreSQL here");
  const url = await server.createDatabase();
  return stores(
    () => openPostgres(url),
    () => server.stop(),
  );
}

async function stores(open: () => Promise<SqlConnection>, removed: () => Promise<void>): Promise<Stores> {
  const made: Stores = {
    connection: await open(),
    async empty() {
      await ensureSchema(made.connection);
      await made.connection.script(
        "truncate channels, encoder_identities, training_pairs, model_evaluations, collect_searches, collect_channels, quota_days, quota_ledger, orphaned_pictures, ctr_reports, ctr_daily, ctr_applied cascade",
      );
      return databaseStore(sqlDatabase(made.connection));
    },
    async reopen() {
      await made.connection.close();
      made.connection = await open();
      return databaseStore(sqlDatabase(made.connection));
    },
    async end() {
      await made.connection.close();
      await removed();
    },
  };
  return made;
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
