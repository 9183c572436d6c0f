import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QualityOptions } from "../../lib/config";
import { openStore } from "../../lib/store";
import { execute, freePort, PASSWORD, startPostgres, type TestServer } from "./postgres";
import { KINDS } from "./stores";
import { worldOf } from "./world";

const paths = { store: "unused" };
const refusal = (databaseUrl: string): Promise<unknown> =>
  openStore({ paths, databaseUrl }).then(
    () => "opened",
    (error: unknown) => error,
  );
const changed = (url: string, change: Partial<URL>): string => Object.assign(new URL(url), change).href;

describe.skipIf(KINDS[1]?.absent)(`${KINDS[1]?.kind} refuses`, () => {
  let server: TestServer;
  beforeAll(async () => {
    const started = await startPostgres();
    if (started === null) throw new Error("there is no PostgreSQL here");
    server = started;
  });
  afterAll(() => server?.stop());

  test("a wrong password, without repeating it or the right one", async () => {
    const error = await refusal(changed(server.url, { password: "hunter2wrong" }));
    expect(error).toMatchObject({ code: "STORE_ACCESS_DENIED" });
    const shown = JSON.stringify([String(error), error, (error as Error).stack, (error as Error).cause]);
    for (const secret of ["hunter2wrong", PASSWORD, encodeURIComponent(PASSWORD)]) expect(shown).not.toContain(secret);
  });

  test("a database that is not there", async () => {
    const error = await refusal(changed(server.url, { pathname: "/nowhere" }));
    expect(error).toMatchObject({ code: "STORE_ACCESS_DENIED" });
    expect(String(error)).toMatch(/127.0.0.1:\d+\/nowhere/);
  });

  test("a connection where nobody listens", async () => {
    const url = changed(server.url, { port: String(await freePort()) });
    expect(await refusal(url)).toMatchObject({
      code: "STORE_UNREACHABLE",
      reason: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("an address that is none, without repeating it", async () => {
    const error = await refusal("postgres://user:hunter2@host:notaport/db");
    expect(error).toMatchObject({ code: "STORE_LOCATION_INVALID" });
    expect(JSON.stringify([String(error), error])).not.toContain("hunter2");
  });

  test("a schema that a later version made, and leaves it alone", async () => {
    const url = await server.createDatabase();
    await (await openStore({ paths, databaseUrl: url })).close();
    await execute(
      url,
      "insert into supabase_migrations.schema_migrations (version, name) values ('29990101000000', 'thumbrank_later')",
    );
    const error = await refusal(url);
    expect(error).toMatchObject({ code: "STORE_SCHEMA_NEWER", unknown: ["29990101000000_thumbrank_later.sql"] });
    expect(String(error)).toContain("update this program");
  });

  test("a user who may not create the tables, until their owner has", async () => {
    const url = await server.createDatabase();
    const role = `guest${process.pid}`;
    await execute(url, `create role ${role} login password 'guest'; revoke create on schema public from public`);
    const guest = changed(url, { username: role, password: "guest" });
    expect(await refusal(guest)).toMatchObject({ code: "STORE_SCHEMA_MISSING" });
    await (await openStore({ paths, databaseUrl: url })).close();
    await execute(url, `grant select on all tables in schema public to ${role}`);
    const store = await openStore({ paths, databaseUrl: guest });
    expect(await store.count()).toBe(0);
    const options = QualityOptions.parse({});
    await expect(store.applyQuality(options)).rejects.toMatchObject({
      code: "STORE_STATEMENT_FAILED",
      sqlState: "42501",
    });
    await store.close();
    await execute(url, `drop owned by ${role}; drop role ${role}`);
  });

  test("nothing when several processes open a new database at once", async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ paths, databaseUrl: url })));
    expect(await Promise.all(stores.map((store) => store.count()))).toEqual([0, 0, 0, 0]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a value out of range, storing nothing of its batch", async () => {
    const store = await openStore({ paths, databaseUrl: await server.createDatabase() });
    const [first, second] = worldOf(41);
    if (first === undefined || second === undefined) throw new Error("empty world");
    const error = await store.upsertVideos([first, { ...second, views: -1 }]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "STORE_STATEMENT_FAILED", sqlState: "23514" });
    expect(String(error)).toContain("upsert_videos");
    expect(await store.count()).toBe(0);
    await store.close();
  });
});

test("a folder that is no folder is refused by name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-failures-"));
  const file = join(folder, "file");
  await writeFile(file, "");
  const error = await openStore({ paths: { store: file } }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "STORE_UNREADABLE", folder: file });
  await rm(folder, { recursive: true });
});

test.each(["PG_VERSION", "global/pg_control"])(
  "a folder whose %s is gone is refused by name, and released",
  async (file) => {
    const folder = await mkdtemp(join(tmpdir(), "thumbrank-failures-"));
    const paths = { store: folder };
    await (await openStore({ paths })).close();
    await rm(join(folder, "pglite", file));
    const error = await openStore({ paths }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "STORE_UNREADABLE", folder });
    expect(await readdir(folder)).toEqual(["pglite"]);
    await rm(folder, { recursive: true });
  },
);
