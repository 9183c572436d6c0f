import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute } from "../store/postgres";
import { type Supabase, startSupabase } from "./supabase";
import { ABSENT, clientOf, createWorld, NEEDS } from "./world";

const nowS = () => Math.floor(Date.now() / 1000);
const OWNER = "7c0b9a36-2f0e-4a57-9f0e-9a4a4b8f2f11";

describe.skipIf(ABSENT)(`${NEEDS}: access`, () => {
  let supabase: Supabase;
  beforeAll(async () => {
    supabase = await startSupabase();
    await createWorld(supabase);
    await execute(supabase.databaseUrl, `insert into notes (owner, body) values ('${OWNER}', 'mine'), (null, 'other')`);
  });
  afterAll(() => supabase?.stop());

  test("row level security: anon sees nothing, a user his own, service_role all", async () => {
    const seen = async (key: string, headers = {}) =>
      (await clientOf(supabase, key, headers).from("notes").select("body")).data;
    expect(await seen(supabase.anonKey)).toEqual([]);
    const token = supabase.token({ role: "authenticated", sub: OWNER, exp: nowS() + 60 });
    expect(await seen(supabase.anonKey, { Authorization: `Bearer ${token}` })).toEqual([{ body: "mine" }]);
    expect(await seen(supabase.serviceKey)).toHaveLength(2);
  });

  test("row level security refuses a row that is another's: 401 without a user, 403 with one", async () => {
    const refused = { code: "42501", message: 'new row violates row-level security policy for table "notes"' };
    const anon = await clientOf(supabase, supabase.anonKey).from("notes").insert({ body: "x" });
    expect(anon).toMatchObject({ status: 401, error: refused });
    const headers = { Authorization: `Bearer ${supabase.token({ role: "authenticated", sub: OWNER })}` };
    const user = await clientOf(supabase, supabase.anonKey, headers).from("notes").insert({ body: "x" });
    expect(user).toMatchObject({ status: 403, error: refused });
  });

  test("a new table is granted to nobody, not even service_role, and the hint says what to grant", async () => {
    const denied = { code: "42501", message: "permission denied for table private_notes" };
    const service = await clientOf(supabase).from("private_notes").select();
    const hint =
      "Grant the required privileges to the current role with: GRANT SELECT ON public.private_notes TO service_role;";
    expect(service).toMatchObject({ status: 403, error: { ...denied, hint } });
    const anon = await clientOf(supabase, supabase.anonKey).from("private_notes").select();
    expect(anon).toMatchObject({ status: 401, error: denied });
  });

  test("a new function can be called by all, as PostgreSQL grants it to public", async () => {
    expect((await clientOf(supabase, supabase.anonKey).rpc("total", { numbers: [1] })).data).toBe(1);
  });

  test("an older project grants every new table", async () => {
    const older = await startSupabase({ exposure: "automatic" });
    await createWorld(older);
    expect(await clientOf(older, older.anonKey).from("private_notes").select()).toMatchObject({
      status: 200,
      data: [],
    });
    await older.stop();
  });

  test("both forms of a key have the role and its timeout, and run under it", async () => {
    const asked = async (key: string) => (await clientOf(supabase, key).rpc("whoami")).data;
    const path = '"public", "extensions"';
    const anon = { user: "anon", role: "anon", sub: null, timeout: "3s", path };
    const service = { user: "service_role", role: "service_role", sub: null, timeout: "8s", path };
    expect(await asked(supabase.anonKey)).toEqual(anon);
    expect(await asked(supabase.publishableKey)).toEqual(anon);
    expect(await asked(supabase.serviceKey)).toEqual(service);
    expect(await asked(supabase.secretKey)).toEqual(service);
  });

  test("a wrong key is refused by the gateway", async () => {
    const refusal = async (key: string) => {
      const { status, error } = await clientOf(supabase, key).from("notes").select();
      return [status, error?.message, error?.hint];
    };
    const invalid = [401, "Invalid API key", "Double check your Supabase `anon` or `service_role` API key."];
    expect(await refusal("nonsense")).toEqual(invalid);
    expect(await refusal(`${supabase.serviceKey.slice(0, -2)}xx`)).toEqual(invalid);
    expect(await refusal(supabase.token({ role: "service_role" }))).toEqual(invalid);
    expect((await refusal("sb_secret_unknown")).slice(0, 2)).toEqual([401, "Unregistered API key"]);
    const bare = await fetch(`${supabase.url}/rest/v1/notes`);
    expect([bare.status, await bare.json()]).toEqual([
      401,
      { message: "No API key found in request", hint: "No `apikey` request header or url param was found." },
    ]);
  });

  test("a bad, expired or forged token is refused by PostgREST", async () => {
    const refusal = async (token: string) => {
      const client = clientOf(supabase, supabase.anonKey, { Authorization: `Bearer ${token}` });
      const { status, error } = await client.from("notes").select();
      return [status, error?.code, error?.message];
    };
    const token = supabase.token({ role: "service_role" });
    expect(await refusal(supabase.token({ role: "authenticated", exp: nowS() - 60 }))).toEqual([
      401,
      "PGRST303",
      "JWT expired",
    ]);
    expect(await refusal(`${token.slice(0, -4)}AAAA`)).toEqual([401, "PGRST301", "No suitable key or wrong key type"]);
    expect(await refusal("a.b")).toEqual([401, "PGRST301", "Expected 3 parts in JWT; got 2"]);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${token.split(".")[1]}.`;
    expect(await refusal(unsigned)).toEqual([401, "PGRST301", "Wrong or unsupported encoding algorithm"]);
    expect(await refusal(supabase.token({ role: "project_owner" }))).toEqual([403, "42501", expect.any(String)]);
    expect((await refusal(supabase.token({ role: "nobody at all" })))[0]).toBe(401);
  });

  test("only schema public is exposed", async () => {
    const { status, error } = await clientOf(supabase).schema("auth").rpc("uid");
    expect([status, error?.code, error?.hint]).toEqual([
      406,
      "PGRST106",
      "Only the following schemas are exposed: public",
    ]);
  });
});
