import type { SupabaseClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Supabase, startSupabase } from "./supabase";
import { ABSENT, clientOf, createWorld, NEEDS } from "./world";

describe.skipIf(ABSENT)(`${NEEDS}: faults`, () => {
  let supabase: Supabase;
  let client: SupabaseClient;
  beforeAll(async () => {
    supabase = await startSupabase({ maxBodyBytes: 10_000 });
    await createWorld(supabase);
    client = clientOf(supabase);
  });
  beforeEach(() => supabase.forget());
  afterAll(() => supabase?.stop());

  const called = () => client.rpc("upsert_videos", { rows: [{ id: 1, channel: "c1", views: 5 }] });

  test("a paused project answers 540 to everything", async () => {
    supabase.set({ paused: true });
    expect(await called()).toMatchObject({
      status: 540,
      error: { message: expect.stringContaining("Project paused") },
    });
    supabase.set({ paused: false });
    expect((await called()).status).toBe(200);
  });

  test.each(["502", "503", "504", "520", "522"] as const)("the proxy's %s is a page of HTML", async (fault) => {
    supabase.failNext(fault);
    const { status, error } = await called();
    expect(status).toBe(Number(fault));
    expect(error?.message).toMatch(/^<html>/);
    expect((await called()).error).toBeNull();
  });

  test.each([
    ["PGRST000", 503],
    ["PGRST001", 503],
    ["PGRST002", 503],
    ["PGRST003", 504],
  ] as const)("PostgREST's %s comes with %i", async (fault, status) => {
    supabase.failNext(fault);
    expect(await called()).toMatchObject({ status, error: { code: fault } });
  });

  test("a reset connection has done nothing, a lost answer has", async () => {
    supabase.failNext("reset");
    expect(await called()).toMatchObject({ status: 0, error: { message: expect.stringContaining("fetch failed") } });
    expect((await client.rpc("ids")).data).toEqual([1]);
    supabase.failNext("lost");
    const rows = [{ id: 2, channel: "c1", views: 5 }];
    expect(await client.rpc("upsert_videos", { rows })).toMatchObject({ status: 0 });
    expect((await client.rpc("ids")).data).toEqual([1, 2]);
  });

  test("bodies and addresses have a limit", async () => {
    const body = { rows: [{ id: 1, channel: "x".repeat(10_000), views: 1 }] };
    expect(await client.rpc("upsert_videos", body)).toMatchObject({ status: 413 });
    const many = Array.from({ length: 4000 }, (_, index) => 100_000 + index);
    expect(await client.from("videos").select().in("id", many)).toMatchObject({ status: 414 });
  });

  test("faults come at their rate, the same ones for the same seed", async () => {
    const drawn = async () => {
      const faulty = await startSupabase({ faultRate: 0.3, faults: ["502", "reset"], seed: 7 });
      const asked = clientOf(faulty);
      const seen: number[] = [];
      for (let index = 0; index < 25; index++) seen.push((await asked.rpc("none")).status);
      await faulty.stop();
      return seen;
    };
    const first = await drawn();
    const second = await drawn();
    expect(first).toEqual(second);
    expect(new Set(first)).toEqual(new Set([404, 502, 0]));
  });

  test("a connection that the database ends gives 503, and the next request works", async () => {
    const running = client.rpc("sleepy", { seconds: 5 }).then((answer) => answer);
    const owner = new Client({ connectionString: supabase.databaseUrl });
    await owner.connect();
    const end =
      "select pg_terminate_backend(pid) from pg_stat_activity where query like '%sleepy%' and datname = current_database() and pid <> pg_backend_pid()";
    for (let ended = 0; ended === 0; ) ended = (await owner.query(`${end} and state = 'active'`)).rowCount ?? 0;
    await owner.end();
    expect(await running).toMatchObject({ status: 503, error: { code: "57P01" } });
    expect((await called()).status).toBe(200);
  });

  test("more callers than connections wait their turn", async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => called()));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 60 }, () => 200));
  });

  test("the log says who asked what and what came", async () => {
    await client.rpc("videos_after", { after: 0, size: 5 }, { count: "exact" });
    expect(supabase.requests()).toEqual([
      {
        method: "POST",
        path: "rpc/videos_after",
        role: "service_role",
        prefer: "count=exact",
        status: 200,
        requestBytes: 20,
        responseBytes: expect.any(Number),
        fault: null,
      },
    ]);
  });
});
