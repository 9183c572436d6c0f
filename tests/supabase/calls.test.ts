import type { SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute } from "../store/postgres";
import { type Supabase, startSupabase } from "./supabase";
import { ABSENT, clientOf, createWorld, NEEDS } from "./world";

describe.skipIf(ABSENT)(`${NEEDS}: a function called by name`, () => {
  let supabase: Supabase;
  let client: SupabaseClient;
  beforeAll(async () => {
    supabase = await startSupabase();
    await createWorld(supabase);
    await execute(supabase.databaseUrl, "insert into videos select n, 'c1', n * 2 from generate_series(1, 2500) n");
    client = clientOf(supabase);
  });
  afterAll(() => supabase?.stop());

  test("gives at most 1,000 rows of a set, without a word, and only the count tells", async () => {
    const silent = await client.rpc("videos_after", { after: 0, size: 2000 });
    expect(silent).toMatchObject({ error: null, status: 200, count: null });
    expect(silent.data).toHaveLength(1000);
    const counted = await client.rpc("videos_after", { after: 0, size: 2000 }, { count: "exact" });
    expect(counted).toMatchObject({ error: null, status: 206, count: 2000 });
    expect(counted.data).toHaveLength(1000);
    const whole = await client.rpc("videos_after", { after: 2000, size: 1000 }, { count: "exact" });
    expect(whole).toMatchObject({ error: null, status: 200, count: 500 });
  });

  test("pages to the end by (after, size), each page whole", async () => {
    const ids: number[] = [];
    for (let after = 0; ; ) {
      const { data, count } = await client.rpc("videos_after", { after, size: 700 }, { count: "exact" });
      const page: number[] = data.map((row: { id: number }) => row.id);
      expect(count).toBe(page.length);
      ids.push(...page);
      if (page.length < 700) break;
      after = page.at(-1)!;
    }
    expect(ids).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
  });

  test("filters, orders, selects and ranges a set", async () => {
    const asked = client.rpc("videos_after", { after: 0, size: 100 }, { count: "exact" });
    const { data, count, status } = await asked
      .select("id, seen:views")
      .gte("views", 100)
      .not("id", "in", "(51,52)")
      .order("id", { ascending: false })
      .range(1, 3);
    expect({ data, count, status }).toEqual({
      data: [99, 98, 97].map((id) => ({ id, seen: 2 * id })),
      count: 49,
      status: 206,
    });
  });

  test("renders scalars bare, composites as one object, sets as arrays, and nothing as 204", async () => {
    const answered = async (name: string, args = {}) => {
      const { data, status, error } = await client.rpc(name, args);
      expect(error).toBeNull();
      return [status, data];
    };
    expect(await answered("upsert_videos", { rows: [{ id: 1, channel: "c1", views: 7 }] })).toEqual([200, 1]);
    expect(await answered("pair")).toEqual([200, { low: 1, high: 2 }]);
    expect(await answered("channel", { id: "c1" })).toEqual([200, expect.objectContaining({ id: "c1" })]);
    expect((await answered("channel", { id: "none" }))[1]).toMatchObject({ id: null });
    expect(await answered("ids").then(([, ids]) => ids.slice(0, 3))).toEqual([1, 2, 3]);
    expect(await answered("grid", { size: 2 })).toEqual([200, [1, 2].map((x) => ({ x, label: `cell ${x}` }))]);
    expect((await answered("grid"))[1]).toHaveLength(3);
    expect(await answered("total", { numbers: [1, 2, 3] })).toEqual([200, 6]);
    expect(await answered("nothing")).toEqual([204, null]);
  });

  test("loses the last bits of a bigint above 2^53 only in the client: the body has them", async () => {
    expect((await client.rpc("largest")).data).toBe(9007199254740992);
    const headers = { apikey: supabase.serviceKey };
    const response = await fetch(`${supabase.url}/rest/v1/rpc/largest`, { method: "POST", headers });
    expect(await response.text()).toBe("9007199254740993");
  });

  test("is also called by GET and HEAD, where it may not write", async () => {
    const got = await client.rpc("videos_after", { after: 2400, size: 50 }, { get: true, count: "exact" });
    expect([got.status, got.count, got.data?.length]).toEqual([200, 50, 50]);
    const head = await client.rpc("videos_after", { after: 0, size: 2000 }, { head: true, count: "exact" });
    expect([head.data, head.count]).toEqual([null, 2000]);
    expect(await client.rpc("writing")).toMatchObject({ status: 405, error: { code: "25006" } });
  });

  test("is not found under another name or with other arguments, and a near one is named", async () => {
    expect(await client.rpc("videos_aftr", { after: 1 })).toMatchObject({
      status: 404,
      error: {
        code: "PGRST202",
        message: "Could not find the function public.videos_aftr(after) in the schema cache",
        details:
          "Searched for the function public.videos_aftr with parameter after or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.",
        hint: "Perhaps you meant to call the function public.videos_after",
      },
    });
    const { error } = await client.rpc("videos_after", { size: 1, from: 2 });
    expect(error).toMatchObject({
      code: "PGRST202",
      message: "Could not find the function public.videos_after(from, size) in the schema cache",
      hint: "Perhaps you meant to call the function public.videos_after(after, size)",
    });
    expect((await client.rpc("zzz")).error).toMatchObject({
      message: "Could not find the function public.zzz without parameters in the schema cache",
      hint: null,
    });
  });

  test("is refused as ambiguous where two overloads take the same names", async () => {
    expect(await client.rpc("twice", { n: 1 })).toMatchObject({
      status: 300,
      error: {
        code: "PGRST203",
        message:
          "Could not choose the best candidate function between: public.twice(n => integer), public.twice(n => text)",
      },
    });
  });

  test("passes on what it raises, and rolls back", async () => {
    expect(await client.rpc("refuse")).toMatchObject({
      status: 400,
      error: { code: "P0001", message: "no such season", details: "season 9", hint: "ask for 8" },
    });
    const rows = [
      { id: 9001, channel: "c1", views: 1 },
      { id: 9002, channel: "gone", views: 1 },
    ];
    expect(await client.rpc("upsert_videos", { rows })).toMatchObject({ status: 409, error: { code: "23503" } });
    expect((await client.from("videos").select().gte("id", 9000)).data).toEqual([]);
  });

  test("is cancelled at its role's timeout, unless it sets its own", async () => {
    supabase.set({ statementTimeoutMs: 100 });
    expect(await client.rpc("sleepy", { seconds: 3 })).toMatchObject({
      status: 500,
      error: { code: "57014", message: "canceling statement due to statement timeout" },
    });
    expect(await client.rpc("patient", { seconds: 0.3 })).toMatchObject({ status: 200, data: 1 });
    supabase.set({ statementTimeoutMs: null });
  });

  test("is called with hostile names and values as text only", async () => {
    const hostile = `videos"; drop table videos; --`;
    expect(await client.rpc(hostile, { [hostile]: hostile })).toMatchObject({ error: { code: "PGRST202" } });
    expect(await client.rpc("videos_after", { after: 0, size: 1 }).order(hostile)).toMatchObject({ status: 400 });
    expect(await client.rpc("ids", {}, { count: "exact" })).toMatchObject({ status: 206, count: 2500 });
  });
});
