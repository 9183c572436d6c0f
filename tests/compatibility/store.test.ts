import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase, openStore } from "../../lib/store";
import type { Database } from "../../lib/store/database";
import { openPglite } from "../../lib/store/pglite";
import { openPostgres } from "../../lib/store/postgres";
import { openSupabase } from "../../lib/store/supabase/supabase-database";
import { startPostgres, type TestServer } from "../store/postgres";
import { KINDS } from "../store/stores";
import { startSupabase } from "../supabase/supabase";
import { install, type OldStore, oldStore } from "./old-store";

const folder = mkdtempSync(join(tmpdir(), "thumbrank-old-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every row is there, with what it held; columns of later migrations may have come. */
async function expectRows(database: Database, { rows }: OldStore): Promise<void> {
  expect(Object.values(rows).flat().length).toBeGreaterThan(150);
  for (const [of_table, contents] of Object.entries(rows)) {
    const asked = { of_table, after: null, upto: null, size: 1000 };
    const found = await database.call<{ content: string }>("contents_after", asked);
    const parsed = (texts: string[]) => texts.map((text): unknown => JSON.parse(text));
    expect([of_table, parsed(found.map(({ content }) => content))]).toMatchObject([of_table, parsed(contents)]);
  }
}

test("the folder of a store of schema version 2 opens, migrated, with every row", async () => {
  const tar = brotliDecompressSync(readFileSync(join(__dirname, "store-2", "store.tar.br")));
  execFileSync("tar", ["-xf", "-", "-C", folder], { input: tar });
  const location = { paths: { store: join(folder, "store") } };
  const database = await openDatabase(location);
  await expectRows(database, oldStore("store-2"));
  await database.close();

  const store = await openStore(location);
  expect(await store.count()).toBe(oldStore("store-2").rows.thumbnails?.length);
  let rated = 0;
  for await (const { proxy } of store.ratedVideos()) rated += proxy > 0 ? 1 : 0;
  expect(rated).toBeGreaterThan(10);
  await store.close();
}, 120_000);

test("a store of schema version 3 in PGlite opens, migrated, with every row", async () => {
  const paths = { store: join(folder, "version-3") };
  const connection = await openPglite(paths.store);
  await install(connection, oldStore("store-3"));
  await connection.close();
  const database = await openDatabase({ paths });
  await expectRows(database, oldStore("store-3"));
  await database.close();
}, 120_000);

describe.skipIf(KINDS[1]?.absent)(`${KINDS[1]?.kind}`, () => {
  let server: TestServer | null;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test.each(["store-2", "store-3"] as const)("%s opens, migrated, with every row", async (name) => {
    const databaseUrl = (await server?.createDatabase()) ?? "";
    const connection = await openPostgres(databaseUrl);
    await install(connection, oldStore(name));
    await connection.close();
    const database = await openDatabase({ paths: { store: "" }, databaseUrl });
    await expectRows(database, oldStore(name));
    await database.close();
  });
});

test.skipIf(KINDS[2]?.absent)(
  `${KINDS[2]?.kind} is refused by its REST API until its owner has migrated it`,
  async () => {
    const { url, databaseUrl, serviceKey: key, stop } = await startSupabase();
    const connection = await openPostgres(databaseUrl);
    await install(connection, oldStore("store-3"));
    await connection.close();
    await expect(openSupabase({ url, key })).rejects.toMatchObject({ code: "STORE_SCHEMA_OLDER" });
    await (await openDatabase({ paths: { store: "" }, databaseUrl })).close();
    const database = await openSupabase({ url, key });
    await expectRows(database, oldStore("store-3"));
    await database.close();
    await stop();
  },
);
