import { createHash } from "node:crypto";
import { join } from "node:path";
import { sharedFolder } from "../files";
import { copyKept, makeEmptyDatabase, pgliteVersion } from "./empty-database";
import { migrate, schemaSql } from "./migrations";
import { openFiles } from "./pglite";

/**
 * Creates a PGlite database with this program's tables in a folder. A user's first one is kept in the cache folder, by
 * PGlite version and schema, and copied from then on, which takes a tenth of the migrations' time. If that fails the
 * database is empty, and migrating it later reports the cause.
 * @param folder must not exist yet
 * @param cache folder that holds the database to copy
 * @throws what `makeEmptyDatabase` throws
 */
export async function makeMigratedDatabase(folder: string, cache = join(sharedFolder(), "pglite")): Promise<void> {
  const schema = createHash("sha256")
    .update(await schemaSql())
    .digest("hex")
    .slice(0, 16);
  const kept = join(cache, `${await pgliteVersion()}-${schema}`);
  const copied = await copyKept(kept, folder, async (aside) => {
    await makeEmptyDatabase(aside, cache);
    const connection = await openFiles(aside);
    try {
      await migrate(connection);
    } finally {
      await connection.close();
    }
  });
  if (!copied) await makeEmptyDatabase(folder, cache);
}
