import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { messageOf, ThumbrankError } from "../errors";
import { type SqlConnection, statementFailed } from "./connection";
import { StoreUnreadable } from "./errors";
import { lockFolder } from "./lock";

const UNFINISHED = /^pglite\.new-/;

/**
 * Opens PostgreSQL inside this process, on the files of a folder, which it makes where it is not there. What a
 * statement stored is in the operating system's hands when it resolves, so it outlives this process, however that
 * ends; a power cut may cost the last seconds (PGlite runs without fsync).
 * @param folder holds the lock and, in `pglite`, the database
 * @throws StoreLocked when another process has it open
 * @throws StoreUnreadable when the files are no database, or cannot be written
 */
export async function openPglite(folder: string): Promise<SqlConnection> {
  try {
    await mkdir(folder, { recursive: true });
    const lock = await lockFolder(folder);
    try {
      return connect(await openDatabase(folder), folder, () => lock.release());
    } catch (thrown) {
      await lock.release();
      throw thrown;
    }
  } catch (thrown) {
    if (thrown instanceof ThumbrankError) throw thrown;
    throw new StoreUnreadable(folder, messageOf(thrown));
  }
}

/** A new database is made aside and renamed when it is whole, so that one killed while being made is never opened. */
async function openDatabase(folder: string): Promise<PGlite> {
  const database = join(folder, "pglite");
  for (const name of await readdir(folder)) {
    if (UNFINISHED.test(name)) await rm(join(folder, name), { recursive: true });
  }
  if (!(await exists(database))) {
    const aside = join(folder, `pglite.new-${process.pid}`);
    await (await PGlite.create({ dataDir: aside })).close();
    await rename(aside, database);
  }
  // PGlite would begin a new database over what is left of the old.
  if (!(await exists(join(database, "PG_VERSION")))) throw new Error("pglite/PG_VERSION is missing");
  return PGlite.create({ dataDir: database, extensions: { vector } });
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

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
