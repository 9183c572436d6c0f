import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { openStore } from "../../lib/store";
import { openPostgres } from "../../lib/store/postgres";
import { execute, startPostgres, type TestServer } from "./postgres";
import { serverUser } from "./postgres-binaries";
import { collect, KINDS } from "./stores";
import { worldOf } from "./world";

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "nothing",
    (error: unknown) => error,
  );
const own = process.env.THUMBRANK_TEST_DATABASE_URL === undefined;

describe.skipIf(KINDS[1]?.absent || !own)(`${KINDS[1]?.kind} in production`, () => {
  let server: TestServer;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "thumbrank-tls-"));
    const started = await startPostgres(["ssl=on", ...(await certificate(folder))]);
    if (started === null) throw new Error("there is no PostgreSQL here");
    server = started;
    url = await server.createDatabase();
    await (await openStore({ paths: { store: "" }, databaseUrl: url })).close();
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true });
  });
  afterEach(() => vi.unstubAllEnvs());

  const settingsOf = async (databaseUrl: string) => {
    const connection = await openPostgres(databaseUrl);
    const [row] = await connection.query<
      Record<string, string>
    >(`select current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('application_name') as name`);
    await connection.close();
    return row;
  };

  test("a connection has limits: its own, the environment's, or the URL's before all", async () => {
    expect(await settingsOf(url)).toEqual({ statement: "30min", lock: "2min", idle: "5min", name: "thumbrank" });
    vi.stubEnv("THUMBRANK_STATEMENT_TIMEOUT_MS", "0");
    vi.stubEnv("THUMBRANK_LOCK_TIMEOUT_MS", "1500");
    expect(await settingsOf(`${url}?statement_timeout=7000&application_name=mine`)).toEqual({
      statement: "7s",
      lock: "1500ms",
      idle: "5min",
      name: "mine",
    });
    expect(await settingsOf(url)).toMatchObject({ statement: "0" });
    vi.stubEnv("THUMBRANK_CONNECTIONS", "many");
    expect(await thrownBy(openPostgres(url))).toMatchObject({
      code: "STORE_LOCATION_INVALID",
      message: expect.stringContaining('THUMBRANK_CONNECTIONS is "many"'),
    });
  });

  test("a statement or a lock that takes too long is ended, by name", async () => {
    const connection = await openPostgres(`${url}?statement_timeout=50`);
    const late = await thrownBy(connection.query("select pg_sleep(20)"));
    await connection.close();
    expect(late).toMatchObject({ code: "STORE_STATEMENT_TIMEOUT", statement: "select pg_sleep(20)" });

    const holder = await openPostgres(url);
    const waiting = await openStore({ paths: { store: "" }, databaseUrl: `${url}?lock_timeout=50` });
    const held = holder.script("begin; lock table thumbnails; select pg_sleep(1); commit");
    for (;;) {
      const [lock] = await holder.query<{ held: boolean }>(
        "select exists (select from pg_locks where relation = 'thumbnails'::regclass and mode = 'AccessExclusiveLock' and granted) as held",
      );
      if (lock?.held) break;
    }
    expect(await thrownBy(waiting.upsertVideos(worldOf(81, 2, 3)))).toMatchObject({
      code: "STORE_STATEMENT_TIMEOUT",
      statement: expect.stringContaining("upsert_videos"),
    });
    await held;
    await waiting.close();
    await holder.close();
  });

  test("a connection that is cut at work or idle is made anew, and nothing is lost or doubled", async () => {
    const world = worldOf(82, 30, 20);
    const store = await openStore({ paths: { store: "" }, databaseUrl: url });
    await execute(
      url,
      `create sequence tries; create function cut() returns trigger language plpgsql as $$ begin
         if nextval('tries') in (7, 250, 260) then perform pg_terminate_backend(pg_backend_pid()); end if;
         return new; end $$;
       create trigger cut before insert on thumbnails for each row execute function cut()`,
    );
    expect((await store.upsertVideos(world.slice(0, 100))).inserted).toBe(100);
    expect((await store.upsertVideos(world.slice(100))).inserted).toBe(world.length - 100);
    await execute(url, "drop function cut() cascade; drop sequence tries");
    await execute(
      url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'thumbrank' and pid <> pg_backend_pid()",
    );
    expect((await collect(store.videos())).length).toBe(world.length);
    const identity = {
      kind: "image",
      model: "m",
      revision: "1",
      preprocessing: "p",
      normalisation: "l2",
      dimensions: 2,
    } as const;
    const vectors = world.map(({ videoId }) => ({ videoId, values: Float32Array.of(1, 0) }));
    await execute(url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'thumbrank'");
    await store.saveEmbeddings(identity, vectors);
    expect((await collect(store.embeddings(identity))).length).toBe(world.length);
    await store.close();
  });

  test("a server that is gone for good is told so", async () => {
    const other = await startPostgres();
    const gone = (await other?.createDatabase()) ?? "";
    const store = await openStore({ paths: { store: "" }, databaseUrl: gone });
    await other?.stop();
    const error = await thrownBy(store.count());
    expect(error).toMatchObject({ code: "STORE_UNREACHABLE" });
    await store.close();
  });

  test("TLS is what the URL says: encrypted, and checked against a certificate", async () => {
    const encrypted = async (query: string) => {
      const connection = await openPostgres(`${url}?${query}`);
      const [row] = await connection.query<{ ssl: boolean }>(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
      );
      await connection.close();
      return row?.ssl;
    };
    const trusted = `sslmode=verify-full&sslrootcert=${encodeURIComponent(join(folder, "server.crt"))}`;
    expect(await encrypted(trusted)).toBe(true);
    expect(await encrypted("sslmode=no-verify")).toBe(true);
    expect(await encrypted("sslmode=disable")).toBe(false);
    for (const mode of ["verify-full", "require"]) {
      expect(await thrownBy(encrypted(`sslmode=${mode}`))).toMatchObject({
        code: "STORE_CERTIFICATE_UNKNOWN",
        reason: expect.stringContaining("self-signed"),
        next: expect.stringMatching(/sslrootcert=FILE.*sslmode=require verifies.*sslmode=no-verify/),
      });
    }
  });
});

/** Settings of a server with a certificate of its own for 127.0.0.1. */
async function certificate(folder: string): Promise<string[]> {
  const made = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const user = await serverUser();
  const files = { "server.crt": made.cert, "server.key": made.private };
  await chmod(folder, 0o755);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: name.endsWith("key") ? 0o600 : 0o644 });
    if (user !== null) await chown(join(folder, name), user.uid, user.gid);
  }
  return [`ssl_cert_file=${join(folder, "server.crt")}`, `ssl_key_file=${join(folder, "server.key")}`];
}
