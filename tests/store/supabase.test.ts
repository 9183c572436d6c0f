import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type StoreLocation, schemaSql, storeLocation } from "../../lib/store";
import { databaseStore } from "../../lib/store/database-store";
import { migrate } from "../../lib/store/migrations";
import { openPostgres } from "../../lib/store/postgres";
import { openSupabase } from "../../lib/store/supabase/supabase-database";
import type { Fault } from "../supabase/faults";
import { type Supabase, startSupabase } from "../supabase/supabase";
import { buildOptions } from "./options";
import { execute, freePort } from "./postgres";
import { start } from "./processes";
import { collect, KINDS } from "./stores";
import { worldOf } from "./world";

const IMPATIENT = { retries: 4, firstPauseMs: 1 };
const byId = (one: { videoId: string }, other: { videoId: string }) => (one.videoId < other.videoId ? -1 : 1);
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "nothing",
    (error: unknown) => error,
  );

describe.skipIf(KINDS[2]?.absent)(`${KINDS[2]?.kind}`, () => {
  let project: Supabase;
  beforeAll(async () => {
    project = await startSupabase();
    await migrateProject();
  });
  afterAll(() => project?.stop());
  beforeEach(async () => {
    project.set({ maxRows: 1000, statementTimeoutMs: null, paused: false, faultRate: 0, maxBodyBytes: 1e8 });
    await execute(project.databaseUrl, "truncate channels cascade");
    project.forget();
  });
  const migrateProject = async () => {
    const owner = await openPostgres(project.databaseUrl);
    await migrate(owner);
    await owner.close();
  };
  const open = async (key = project.serviceKey, url = project.url) =>
    databaseStore(await openSupabase({ url, key }, IMPATIENT));
  const calls = (name: string) => project.requests().filter(({ path }) => path.startsWith(`rpc/${name}`));

  test("opens with keys of both forms", async () => {
    expect(await (await open(project.secretKey)).count()).toBe(0);
    expect((await open(` ${project.serviceKey}\n`, `${project.url}/rest/v1/`)).description).toBe(
      `Supabase at ${new URL(project.url).host}`,
    );
  });

  test.each([37, 1])("gives every row where the server cuts each answer at %i", async (maxRows) => {
    const world = worldOf(51, maxRows > 1 ? 12 : 2, maxRows > 1 ? 30 : 5);
    const store = await open();
    await store.upsertVideos(world);
    project.set({ maxRows });
    expect(await collect(store.videos())).toEqual([...world].sort(byId));
    expect(calls("videos_after").every(({ prefer }) => prefer.includes("count=exact"))).toBe(true);
    expect(calls("videos_after").filter(({ status }) => status === 206)).toHaveLength(1);
  });

  test("refuses an answer that was cut and has no pages", async () => {
    const store = await open();
    await store.upsertVideos(worldOf(52));
    project.set({ maxRows: 3 });
    const { quality } = buildOptions({});
    expect(await thrownBy(store.applyQuality(quality))).toMatchObject({ code: "STORE_ROWS_MISSING", given: 3 });
  });

  test("halves a batch until it is written in time, and remembers its size", async () => {
    const world = worldOf(53, 20, 30);
    await execute(
      project.databaseUrl,
      `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.004); return new; end $$;
       create trigger slow before insert on thumbnails for each row execute function slow()`,
    );
    project.set({ statementTimeoutMs: 700 });
    const store = await open();
    expect(await store.upsertVideos(world)).toEqual({ inserted: world.length, updated: 0, unchanged: 0 });
    const statuses = calls("upsert_videos").map(({ status }) => status);
    expect(statuses.filter((status) => status === 500).length).toBeLessThan(8);
    expect(statuses.at(-1)).toBe(200);
    await execute(project.databaseUrl, "drop function slow() cascade");
    expect(await collect(store.videos())).toEqual([...world].sort(byId));
  });

  test("says what to do where not even one row is written in time", async () => {
    await execute(
      project.databaseUrl,
      `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return new; end $$;
       create trigger slow before insert on thumbnails for each row execute function slow()`,
    );
    project.set({ statementTimeoutMs: 30 });
    const error = await thrownBy((await open()).upsertVideos(worldOf(54, 2, 3)));
    await execute(project.databaseUrl, "drop function slow() cascade");
    expect(error).toMatchObject({ code: "STORE_STATEMENT_TIMEOUT", statement: "upsert_videos" });
  });

  test("sends bodies of about a megabyte, and smaller ones where those are refused", async () => {
    const [video] = worldOf(55);
    if (video === undefined) throw new Error("empty world");
    const long = Array.from({ length: 1500 }, (_, index) => ({
      ...video,
      videoId: `v${String(index).padStart(4, "0")}`,
      title: "x".repeat(1000),
    }));
    const store = await open();
    await store.upsertVideos(long);
    const sizes = calls("upsert_videos").map(({ requestBytes }) => requestBytes);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(1.1 * 2 ** 20);
    project.set({ maxBodyBytes: 400_000 });
    expect(await store.upsertVideos(long)).toEqual({ inserted: 0, updated: 0, unchanged: long.length });
  });

  test.each<Fault[]>([
    ["reset"],
    ["502"],
    ["503"],
    ["504", "upstream"],
    ["522"],
    ["429"],
    ["PGRST001", "PGRST003"],
    ["lost"],
  ])("repeats a call that failed in passing: %s", async (...faults) => {
    const world = worldOf(56, 3, 5);
    const store = await open();
    project.failNext(...faults);
    await store.upsertVideos(world);
    expect(await collect(store.videos())).toEqual([...world].sort(byId));
  });

  test("goes on through one failure in five", async () => {
    const world = worldOf(57, 12, 30);
    const store = databaseStore(
      await openSupabase({ url: project.url, key: project.serviceKey }, { retries: 12, firstPauseMs: 1 }),
    );
    project.set({ faultRate: 0.2 });
    for (let at = 0; at < world.length; at += 50) await store.upsertVideos(world.slice(at, at + 50));
    expect(await collect(store.videos())).toEqual([...world].sort(byId));
  });

  test("no error shows the key, whatever goes wrong", async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const wrong = project.serviceKey.replace(/.{12}$/, "wrongwrongwr");
    const failing = async (fault: Fault) => {
      const store = await open();
      project.failNext(...Array.from({ length: 9 }, () => fault));
      const error = await thrownBy(store.upsertVideos(worldOf(58, 2, 3)));
      while ((await thrownBy(fetch(project.url))) instanceof Error || project.requests().at(-1)?.fault);
      return error;
    };
    const named: [string, unknown][] = [
      ["STORE_KEY_REFUSED", await thrownBy(open(wrong))],
      ["STORE_KEY_REFUSED", await thrownBy(open(`sb_secret_${"a".repeat(22)}_${"b".repeat(8)}`))],
      ["STORE_KEY_REFUSED", await thrownBy(open(project.anonKey))],
      ["STORE_KEY_REFUSED", await thrownBy(open(project.publishableKey))],
      ["STORE_KEY_REFUSED", await thrownBy(open(project.token({ role: "authenticated" })))],
      ["STORE_KEY_REFUSED", await thrownBy(open(`${project.serviceKey}\n${project.serviceKey}`))],
      ["STORE_LOCATION_INVALID", await thrownBy(open(project.url, project.serviceKey))],
      ["STORE_LOCATION_INVALID", await thrownBy((async () => storeLocation({ store: "" }, { SUPABASE_KEY: wrong }))())],
      ["STORE_UNREACHABLE", await thrownBy(open(project.serviceKey, nobody))],
      ["STORE_UNREACHABLE", await thrownBy(open(project.serviceKey, "https://project.invalid"))],
      ["STORE_UNREACHABLE", await failing("reset")],
      ["STORE_UNREACHABLE", await failing("502")],
      ["STORE_UNREACHABLE", await failing("PGRST000")],
    ];
    project.set({ paused: true });
    named.push(["STORE_PAUSED", await thrownBy(open())]);
    project.set({ paused: false });
    const store = await open();
    const [video] = worldOf(59);
    if (video === undefined) throw new Error("empty world");
    named.push(["STORE_STATEMENT_FAILED", await thrownBy(store.upsertVideos([{ ...video, views: -1 }]))]);
    await execute(project.databaseUrl, `alter function count_videos() rename to hidden`);
    named.push(["STORE_SCHEMA_MISSING", await thrownBy(store.count())]);
    await execute(
      project.databaseUrl,
      `alter function hidden() rename to count_videos; revoke execute on function count_videos() from service_role`,
    );
    named.push(["STORE_KEY_REFUSED", await thrownBy(store.count())]);
    // As the error says.
    await execute(project.databaseUrl, await schemaSql());
    expect(await (await open()).count()).toBe(0);

    expect(named.map(([, error]) => (error as { code?: string }).code)).toEqual(named.map(([code]) => code));
    const secrets = [
      project.serviceKey,
      project.anonKey,
      project.publishableKey,
      wrong,
      "aaaaaaaaaaaa",
      "wrongwrongwr",
    ];
    for (const [, error] of named) {
      const shown = [String(error), JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join("\n");
      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    }
    expect(String(named.find(([code]) => code === "STORE_UNREACHABLE")?.[1])).toContain("ECONNREFUSED");
  });

  test("a schema of another version is refused by name, and an absent one with what to do", async () => {
    const history = "supabase_migrations.schema_migrations";
    await execute(
      project.databaseUrl,
      `insert into ${history} (version, name) values ('29990101000000', 'thumbrank_later')`,
    );
    expect(await thrownBy(open())).toMatchObject({
      code: "STORE_SCHEMA_NEWER",
      unknown: ["29990101000000_thumbrank_later.sql"],
    });
    await execute(
      project.databaseUrl,
      `delete from ${history} where version = (select min(version) from ${history}) or name = 'thumbrank_later'`,
    );
    expect(await thrownBy(open())).toMatchObject({
      code: "STORE_SCHEMA_OLDER",
      pending: [expect.stringContaining("start")],
    });
    await migrateProject();
    await open();
    // A database from before the migrations.
    await execute(project.databaseUrl, "drop function applied_migrations(); notify pgrst, 'reload schema'");
    expect(await thrownBy(open())).toMatchObject({ code: "STORE_SCHEMA_OLDER" });
    await execute(
      project.databaseUrl,
      "drop schema public cascade; create schema public; grant usage on schema public to anon, authenticated, service_role",
    );
    const missing = await thrownBy(open());
    expect(missing).toMatchObject({ code: "STORE_SCHEMA_MISSING" });
    expect(String(missing)).toContain("thumbrank store schema");
    await migrateProject();
    expect(await (await open()).count()).toBe(0);
  });

  test("the program ends by itself once its work is done", async () => {
    const program = start("supabase.ts", project.url, project.serviceKey);
    program.process.stdout.resume();
    expect(await program.ended).toBe(0);
  });
});

test("an environment says where the store is: PostgreSQL, else Supabase, else PGlite", () => {
  const paths = { store: "s" };
  const supabase = { SUPABASE_URL: "https://p.supabase.co", SUPABASE_KEY: "k" };
  const found = (environment: NodeJS.ProcessEnv): StoreLocation => storeLocation(paths, environment);
  expect(found({ ...supabase, DATABASE_URL: "postgres://h/d" })).toEqual({ paths, databaseUrl: "postgres://h/d" });
  expect(found(supabase)).toEqual({ paths, supabase: { url: "https://p.supabase.co", key: "k" } });
  expect(found({})).toEqual({ paths });
  expect(() => found({ SUPABASE_URL: "https://p.supabase.co" })).toThrow(/SUPABASE_KEY is not/);
});
