import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storeFindings } from "../../lib/cli/doctor/store";
import { resolvePaths } from "../../lib/config";
import { openStore } from "../../lib/store";
import { execute } from "../store/postgres";
import { KINDS } from "../store/stores";
import { worldOf } from "../store/world";
import { type Supabase, startSupabase } from "../supabase/supabase";
import { run, succeed } from "./thumbrank";

let home: string;
let paths: ReturnType<typeof resolvePaths>;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-cli-store-"));
  paths = resolvePaths(home);
  const store = await openStore({ paths });
  await store.upsertVideos(worldOf(101));
  await store.close();
});
afterAll(() => rm(home, { recursive: true }));

test("what does not name a store is refused, without repeating what may be a secret", async () => {
  const outcomes = await Promise.all([
    run(["store", "copy", "--from", "postgres://u:sesame@h/d", "--to", "supabase"]),
    run(["store", "copy", "--from", `pglite:${paths.store}`, "--to", "postgres:OTHER_URL"]),
    run(["store", "copy", "--from", `pglite:${paths.store}`, "--to", `pglite:${paths.store}`]),
    run(["store", "migrate"], { SUPABASE_URL: "https://project.supabase.co", SUPABASE_KEY: "sb_secret_x" }),
  ]);
  for (const { code, stdout, stderr } of outcomes) {
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("STORE_LOCATION_INVALID");
    expect(stderr).not.toContain("sesame");
  }
  expect(outcomes[1]?.stderr).toContain("OTHER_URL is not set");
});

describe.skipIf(KINDS[2]?.absent)(`${KINDS[2]?.kind} from the command line`, () => {
  let project: Supabase;
  beforeAll(async () => {
    project = await startSupabase();
  });
  afterAll(() => project?.stop());

  test("the schema, pasted as it is printed, then a copy, its status, and what doctor says", async () => {
    const environment = { SUPABASE_URL: project.url, SUPABASE_KEY: project.serviceKey };
    const copy = ["store", "copy", "--from", `pglite:${paths.store}`, "--to", "supabase"];
    const before = await run(copy, environment);
    expect([before.code, before.stderr.split(":")[0]]).toEqual([1, "STORE_SCHEMA_MISSING"]);
    await execute(project.databaseUrl, await succeed(["store", "schema"]));

    const copied = await run(copy, environment);
    expect([copied.code, copied.stdout]).toEqual([0, expect.stringContaining("Both stores hold the same rows.")]);
    const status = JSON.parse(await succeed(["store", "status", "--json"], environment));
    const videos = worldOf(101).length;
    expect(status.migrations.length).toBeGreaterThan(9);
    expect(status.tables).toContainEqual({ table: "thumbnails", rows: videos });

    await execute(project.databaseUrl, "insert into channels (channel_id, collected_at) values ('stray', now())");
    const again = await run([...copy, "--json"], environment);
    expect(again.code).toBe(1);
    const differing = (JSON.parse(again.stdout) as { table: string; equal: boolean }[]).filter(({ equal }) => !equal);
    expect(differing.map(({ table }) => table)).toEqual(["channels"]);

    const databaseUrl = { DATABASE_URL: project.databaseUrl };
    for (const command of [
      ["store", "migrate"],
      ["store", "migrate", "--dry-run"],
    ])
      expect(await succeed(command, databaseUrl)).toMatch(/^PostgreSQL at .* has had all migrations$/m);
    expect((await storeFindings(paths, environment))[0]).toMatchObject({
      state: "ok",
      value: `Supabase at ${new URL(project.url).host}, ${videos} videos`,
    });
    const [both] = await storeFindings(paths, { ...environment, ...databaseUrl });
    expect(both?.value).toMatch(/^PostgreSQL at .*DATABASE_URL takes precedence over SUPABASE_URL/);
    const all = JSON.stringify([before, copied, status, again, both]);
    expect(
      [project.serviceKey, new URL(project.databaseUrl).password].filter((secret) => all.includes(secret)),
    ).toEqual([]);
  });

  test("doctor names what is wrong with half the settings and with the wrong key", async () => {
    expect((await storeFindings(paths, { SUPABASE_URL: project.url }))[0]).toMatchObject({
      state: "problem",
      value: "SUPABASE_URL is set and SUPABASE_KEY is not",
    });
    const anon = { SUPABASE_URL: project.url, SUPABASE_KEY: project.anonKey };
    expect((await storeFindings(paths, anon))[0]?.value).toContain("a key of the role anon");
  });
});
