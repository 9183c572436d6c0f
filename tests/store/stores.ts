import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../lib/store";
import type { SqlConnection } from "../../lib/store/connection";
import type { Database } from "../../lib/store/database";
import { databaseStore, sqlDatabase } from "../../lib/store/database-store";
import { migrate } from "../../lib/store/migrations";
import { openPglite } from "../../lib/store/pglite";
import { openPostgres } from "../../lib/store/postgres";
import { openSupabase } from "../../lib/store/supabase/supabase-database";
import { type Supabase, startSupabase } from "../supabase/supabase";
import { startPostgres } from "./postgres";
import { binariesFolder } from "./postgres-binaries";

/** Empty stores of one kind for the tests of a file: one database, emptied for each test. */
export interface Stores {
  /** Of the database's owner, whichever way the store goes. */
  connection: SqlConnection;
  /** Of Supabase, the project. */
  project?: Supabase | undefined;
  /** As the store that was given last has it. */
  database(): Database;
  /** The same store, empty again. */
  empty(): Promise<Store>;
  /** The same store as it is, by a client of its own where programs on other machines can have one. */
  another(): Promise<Store>;
  /** The store closed and opened again, as a new process would. */
  reopen(): Promise<Store>;
  end(): Promise<void>;
}

const hasPostgres = process.env.THUMBRANK_TEST_DATABASE_URL !== undefined || (await binariesFolder()) !== null;
const needing = (kind: string) => (hasPostgres ? kind : `${kind} (needs a PostgreSQL server or its binaries)`);

/** What the contract is tested on. */
export const KINDS = [
  { kind: "PGlite", absent: false, make: pgliteStores },
  { kind: needing("PostgreSQL"), absent: !hasPostgres, make: postgresStores },
  { kind: needing("Supabase"), absent: !hasPostgres, make: supabaseStores },
];

/** How a kind of store is opened: its database by the owner's SQL, and as programs do. */
interface Way {
  own: () => Promise<SqlConnection>;
  /** Null: by the owner's connection, which takes no second beside it. */
  open: (() => Promise<Database>) | null;
  removed: () => Promise<void>;
  project?: Supabase;
}

export async function pgliteStores(): Promise<Stores> {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-store-"));
  return stores({ own: () => openPglite(folder), open: null, removed: () => rm(folder, { recursive: true }) });
}

export async function postgresStores(): Promise<Stores> {
  const server = await startPostgres();
  if (server === null) throw new Error("there is no PostgreSQL here");
  const url = await server.createDatabase();
  const own = () => openPostgres(url);
  return stores({ own, open: async () => sqlDatabase(await own()), removed: () => server.stop() });
}

/** Of a project as the stand-in of tests/supabase has it. */
export async function supabaseStores(): Promise<Stores> {
  const project = await startSupabase();
  const { url, databaseUrl, serviceKey: key } = project;
  return stores({
    own: () => openPostgres(databaseUrl),
    open: () => openSupabase({ url, key }),
    removed: () => project.stop(),
    project,
  });
}

const EMPTIED = `do $$ begin
  execute (select 'truncate ' || string_agg(name, ', ') || ' restart identity' from store_tables());
end $$`;

async function stores({ own, open, removed, project }: Way): Promise<Stores> {
  const opened: Database[] = [];
  const made: Stores = {
    connection: await own(),
    project,
    database() {
      const last = opened.at(-1);
      if (last === undefined) throw new Error("no store was opened");
      return last;
    },
    async empty() {
      await migrate(made.connection);
      await made.connection.script(EMPTIED);
      return made.another();
    },
    async another() {
      const database = open === null ? sqlDatabase(made.connection) : await open();
      opened.push(database);
      return databaseStore(database);
    },
    async reopen() {
      await made.connection.close();
      made.connection = await own();
      return made.another();
    },
    async end() {
      await Promise.all(opened.map((database) => database.close()));
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
