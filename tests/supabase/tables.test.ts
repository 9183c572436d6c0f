import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { execute } from "../store/postgres";
import { type Supabase, startSupabase } from "./supabase";
import { ABSENT, clientOf, createWorld, NEEDS } from "./world";

describe.skipIf(ABSENT)(`${NEEDS}: a table`, () => {
  let supabase: Supabase;
  let client: SupabaseClient;
  beforeAll(async () => {
    supabase = await startSupabase();
    await createWorld(supabase);
    client = clientOf(supabase);
  });
  beforeEach(() =>
    execute(
      supabase.databaseUrl,
      `truncate channels cascade; insert into channels (id) values ('c1');
       insert into videos select n, 'c1', n * 2 from generate_series(1, 1500) n`,
    ),
  );
  afterAll(() => supabase?.stop());

  test("gives 1,000 of 1,500 rows without an error; count exact tells", async () => {
    const silent = await client.from("videos").select();
    expect([silent.error, silent.status, silent.count, silent.data?.length]).toEqual([null, 200, null, 1000]);
    const counted = await client.from("videos").select("*", { count: "exact" }).limit(1400);
    expect([counted.error, counted.status, counted.count, counted.data?.length]).toEqual([null, 206, 1500, 1000]);
    supabase.set({ maxRows: 10 });
    expect((await client.from("videos").select()).data).toHaveLength(10);
    supabase.set({ maxRows: 1000 });
    const head = await client.from("videos").select("*", { count: "exact", head: true });
    expect([head.count, head.data]).toEqual([1500, null]);
  });

  test("is paged by key and by range", async () => {
    const page = await client.from("videos").select("id").gt("id", 1490).order("id").limit(5);
    expect(page.data).toEqual([1491, 1492, 1493, 1494, 1495].map((id) => ({ id })));
    const last = await client.from("videos").select("id", { count: "exact" }).order("id").range(1498, 1600);
    expect(last).toMatchObject({ count: 1500, data: [{ id: 1499 }, { id: 1500 }], status: 206 });
    expect(await client.from("videos").select("id", { count: "exact" }).range(1600, 1700)).toMatchObject({
      status: 416,
      error: { code: "PGRST103", details: "An offset of 1600 was requested, but there are only 1500 rows." },
    });
  });

  test("is filtered by every operator that the client sends", async () => {
    const ids = async (
      ask: (rows: ReturnType<ReturnType<typeof all>>) => PromiseLike<{ data: { id: unknown }[] | null }>,
    ) => (await ask(all()())).data?.map((row) => row.id);
    const all = () => () => client.from("videos").select("id").order("id");
    expect(await ids((rows) => rows.eq("id", 3))).toEqual([3]);
    expect(await ids((rows) => rows.neq("channel", "c1"))).toEqual([]);
    expect(await ids((rows) => rows.lt("id", 3))).toEqual([1, 2]);
    expect(await ids((rows) => rows.lte("id", 2).gte("id", 2))).toEqual([2]);
    expect(await ids((rows) => rows.in("id", [5, 4, 99999]))).toEqual([4, 5]);
    expect(await ids((rows) => rows.in("id", []))).toEqual([]);
    expect(await ids((rows) => rows.is("views", null))).toEqual([]);
    expect(await ids((rows) => rows.like("channel", "c%").lt("id", 2))).toEqual([1]);
    expect(await ids((rows) => rows.or("id.eq.1,and(id.gt.7,id.lt.9)"))).toEqual([1, 8]);
  });

  test("renders each type as PostgREST does", async () => {
    const row = { id: "a,b", subscribers: 12, active: true, joined: "2026-01-02T03:04:05+02:00", score: 1.5 };
    const inserted = await client
      .from("channels")
      .insert({ ...row, picture: "\\x00ff", tags: ["x", 'y"z'] })
      .select()
      .single();
    expect(inserted).toMatchObject({ status: 201, error: null });
    expect(inserted.data).toEqual({
      ...row,
      title: "untitled",
      joined: "2026-01-02T01:04:05+00:00",
      picture: "\\x00ff",
      tags: ["x", 'y"z'],
    });
    expect((await client.from("channels").select("id").in("id", ["a,b"])).data).toEqual([{ id: "a,b" }]);
  });

  test("is upserted in batches: 201 while rows are new, 200 once none is", async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => ({ id: index + 1, channel: "c1", views: index }));
    const first = await client.from("videos").upsert(rows, { count: "exact" });
    expect([first.status, first.count, first.data]).toEqual([201, 2000, null]);
    const again = await client.from("videos").upsert(rows, { count: "exact" });
    expect([again.status, again.count]).toEqual([200, 2000]);
    const ignored = await client
      .from("videos")
      .upsert(rows, { ignoreDuplicates: true, count: "exact", onConflict: "id" });
    expect([ignored.status, ignored.count]).toEqual([201, 0]);
    expect((await client.from("videos").select("*", { count: "exact", head: true })).count).toBe(2000);
    const twice = await client.from("videos").upsert([rows[0]!, rows[0]!]);
    expect(twice).toMatchObject({ status: 500, error: { code: "21000" } });
  });

  test("fills what a row lacks with null, or with the default where asked", async () => {
    const rows = [{ id: "d1", title: "given" }, { id: "d2" }];
    expect(await client.from("channels").insert(rows)).toMatchObject({ status: 400, error: { code: "23502" } });
    const filled = await client.from("channels").insert(rows, { defaultToNull: false }).select("title");
    expect(filled.data).toEqual([{ title: "given" }, { title: "untitled" }]);
  });

  test("is updated and deleted by filter only", async () => {
    const updated = await client
      .from("videos")
      .update({ views: 0 }, { count: "exact" })
      .lte("id", 3)
      .select("id, views");
    expect(updated).toMatchObject({ status: 200, count: 3, data: [1, 2, 3].map((id) => ({ id, views: 0 })) });
    expect(await client.from("videos").delete({ count: "exact" }).gt("id", 1400)).toMatchObject({
      status: 204,
      count: 100,
    });
    const whole = await client.from("videos").delete();
    expect(whole).toMatchObject({ status: 400, error: { code: "21000", message: "DELETE requires a WHERE clause" } });
  });

  test("refuses what breaks a constraint, and what is not there", async () => {
    const video = { id: 1, channel: "c1", views: 1 };
    expect(await client.from("videos").insert(video)).toMatchObject({ status: 409, error: { code: "23505" } });
    const orphan = await client.from("videos").insert({ ...video, id: 7777, channel: "gone" });
    expect(orphan).toMatchObject({ status: 409, error: { code: "23503" } });
    const negative = await client.from("videos").insert({ ...video, id: 7777, views: -1 });
    expect(negative).toMatchObject({ status: 400, error: { code: "23514" } });
    expect(await client.from("vidoes").select()).toMatchObject({
      status: 404,
      error: { code: "PGRST205", hint: "Perhaps you meant the table 'public.videos'" },
    });
    expect(await client.from("videos").insert({ id: 1, likes: 2 })).toMatchObject({
      status: 400,
      error: { code: "PGRST204", message: "Could not find the 'likes' column of 'videos' in the schema cache" },
    });
    const column = await client.from("videos").select("likes");
    expect(column).toMatchObject({
      status: 400,
      error: { code: "42703", message: "column videos.likes does not exist" },
    });
    const many = await client.from("videos").select().single();
    expect(many).toMatchObject({ status: 406, error: { code: "PGRST116" } });
    expect((await client.from("videos").select().eq("id", -1).maybeSingle()).data).toBeNull();
  });

  test("may be named anything: identifiers are quoted", async () => {
    const odd = 'odd "name';
    expect((await client.from(odd).insert({ 'a "b': 1, select: "x" })).status).toBe(201);
    expect((await client.from(odd).select().filter('"a \\"b"', "eq", 1)).data).toEqual([{ 'a "b': 1, select: "x" }]);
    for (const hostile of [`videos"; drop table videos; --`, "videos, private_notes", "pg_catalog.pg_authid"]) {
      expect(await client.from(hostile).select()).toMatchObject({ status: 404, error: { code: "PGRST205" } });
      expect((await client.from("videos").select(hostile)).status).toBe(400);
      expect((await client.from("videos").select().eq(hostile, 1)).status).toBe(400);
      expect((await client.from("videos").select().order(hostile)).status).toBe(400);
    }
    expect((await client.from("videos").select("*", { count: "exact", head: true })).count).toBe(1500);
  });
});
