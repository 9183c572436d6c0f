import { readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { messageOf, ThumbrankError } from "../base";
import { exists, lockFolder, makeFolder } from "../files";
import { type SqlConnection, statementFailed } from "./connection";
import { makeEmptyDatabase } from "./empty-database";
import { StoreLocked, StoreUnreadable } from "./errors";

/** One segment of the write-ahead log. */
const LOG_BYTES = 16 * 1024 ** 2;
/** Memory for the database's pages. All of it is written at every start, so a small database gets little. */
const BUFFERS_MB = { least: 32, most: 128 };
/**
 * How much a function of PGlite works before V8 optimizes it (--wasm-tiering-budget): by default, and for PGlite. By
 * default most commands would compile for longer than they query, and wait for it at their end.
 */
const TIERING_BUDGET = { usual: 13_000_000, pglite: 130_000_000 };
const UNFINISHED = /^pglite\.new-/;

/**
 * Opens PostgreSQL inside this process, on the files of a folder, which is created if missing. Once a statement
 * resolves, its data has been handed to the operating system, so it survives this process however it ends; a power cut
 * may cost the last seconds (PGlite runs without fsync).
 * @param folder holds the lock and, in `pglite`, the database
 * @param make creates a database in a folder that does not exist yet
 * @throws StoreLocked if another process has it open
 * @throws StoreUnreadable if the files are not a database, or cannot be written
 */
export async function openPglite(
  folder: string,
  make: (folder: string) => Promise<void> = makeEmptyDatabase,
): Promise<SqlConnection> {
  try {
    await makeFolder(folder);
    const lock = await lockFolder(folder, (holder) => new StoreLocked(holder));
    try {
      return connect(await openDatabase(folder, make), folder, () => lock.release());
    } catch (thrown) {
      await lock.release();
      throw thrown;
    }
  } catch (thrown) {
    if (thrown instanceof ThumbrankError) throw thrown;
    // PGlite does not say why if it cannot write its log.
    const full = (await freeBytes(folder)) < LOG_BYTES ? "ENOSPC: no space left on device: " : "";
    throw new StoreUnreadable(folder, `${full}${messageOf(thrown)}`);
  }
}

async function freeBytes(folder: string): Promise<number> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  );
}

/** Builds a new database in a temporary folder and renames it when complete, so a partial one is never opened. */
async function openDatabase(folder: string, make: (folder: string) => Promise<void>): Promise<PGlite> {
  const database = join(folder, "pglite");
  for (const name of await readdir(folder)) {
    // A killed process may leave a child that still writes for a moment.
    if (UNFINISHED.test(name)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 10 });
  }
  if (!(await exists(database))) {
    const aside = join(folder, `pglite.new-${process.pid}`);
    await make(aside);
    await rename(aside, database);
  }
  // PGlite would create a new database over what is left of the old one.
  if (!(await exists(join(database, "PG_VERSION")))) throw new Error("pglite/PG_VERSION is missing");
  return start(database);
}

/** Opens the files of a database that no other process has, without a lock. */
export async function openFiles(database: string): Promise<SqlConnection> {
  return connect(await start(database), database, async () => {});
}

async function start(database: string): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams, "-c", `shared_buffers=${await bufferMegabytes(database)}MB`];
  setTieringBudget(TIERING_BUDGET.pglite);
  try {
    return await PGlite.create({ dataDir: database, extensions: { vector }, startParams });
  } finally {
    setTieringBudget(TIERING_BUDGET.usual);
  }
}

/** Sets the budget of WebAssembly modules that are compiled from now on. */
function setTieringBudget(budget: number): void {
  setFlagsFromString(`--wasm-tiering-budget=${budget}`);
}

/** As much as the tables and indexes take, within BUFFERS_MB. */
async function bufferMegabytes(database: string): Promise<number> {
  const entries = await readdir(join(database, "base"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  const megabytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1024 ** 2);
  return Math.min(BUFFERS_MB.most, Math.max(BUFFERS_MB.least, megabytes));
}

function connect(database: PGlite, folder: string, released: () => Promise<void>): SqlConnection {
  let closing: Promise<void> | null = null;
  const closeBoth = async () => {
    try {
      await database.close();
    } finally {
      await released();
    }
  };
  return {
    description: `PGlite in ${folder}`,
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      try {
        return (await database.query<Row>(sql, [...parameters])).rows;
      } catch (thrown) {
        throw statementFailed(thrown, sql);
      }
    },
    async script(sql) {
      try {
        await database.exec(sql);
      } catch (thrown) {
        throw statementFailed(thrown, sql);
      }
    },
    close() {
      closing ??= closeBoth();
      return closing;
    },
  };
}
