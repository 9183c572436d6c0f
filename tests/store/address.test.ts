import { inspect } from "node:util";
import fc from "fast-check";
import { parse } from "pg-connection-string";
import { describe, expect, test } from "vitest";
import { withoutSecrets } from "../../lib/base";
import { openJobs } from "../../lib/jobs";
import { databaseAddress, openStore, parseLocation } from "../../lib/store";
import { checkedCredentials } from "../../lib/store/supabase/credentials";
import { WRONG_ADDRESSES } from "./wrong-addresses";

/** Two words that stay next to each other in no message, around characters that mean something in an address. */
const START = "Geheimnis";
const END = "Xyzzy";
const nasty = fc
  .string({
    unit: fc.constantFrom(..."/?#@:%&= \"'\\[]{}<>|^`;,.+~$!*()-_\n\t\u001b", "ä", "密", "🔑", "%2F", "@h/", "//"),
  })
  .map((middle) => `${START}${middle}${END}`);

/** Everything that a program may come to print of what was thrown. */
function printedOf(thrown: unknown): string {
  const facts = thrown instanceof Error ? [thrown.message, thrown.stack, String(thrown.cause)] : [];
  return [...facts, JSON.stringify(thrown), inspect(thrown, { depth: 20, showHidden: true })].join("\n");
}

function expectUnsaid(text: string): void {
  expect(text).not.toContain(START);
  expect(text).not.toContain(END);
}

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (thrown) {
    return thrown;
  }
  return "nothing";
};

describe.each(Object.entries(WRONG_ADDRESSES))("an address %s", (_, addressWith) => {
  test("shows nothing of any password, whether it can be read or not", () => {
    fc.assert(
      fc.property(nasty, (password) => {
        try {
          expectUnsaid(databaseAddress(addressWith(password)).description);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: "STORE_LOCATION_INVALID" });
          expectUnsaid(printedOf(thrown));
        }
      }),
    );
  });

  test("opens neither store nor queues, and says nothing of the password", async () => {
    for (const password of [`${START}${END}`, `${START}/@#?%${END}`]) {
      const databaseUrl = addressWith(password);
      const environment = { OTHER: databaseUrl };
      for (const work of [
        () => openStore({ paths: { store: "unused" }, databaseUrl }),
        () => openJobs(databaseUrl, { role: "coordinator" }),
        () => openStore(parseLocation("postgres:OTHER", environment)),
      ]) {
        const thrown = await thrownBy(work);
        expect(["STORE_LOCATION_INVALID", "STORE_UNREACHABLE"]).toContain(Reflect.get(Object(thrown), "code"));
        expectUnsaid(printedOf(thrown));
      }
    }
  });
});

test("any password comes to node-postgres as it is, once it is percent-encoded", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (password) => {
      const given = `postgresql://me:${encodeURIComponent(password)}@db.example.org:6543/data`;
      const { connectionString, description } = databaseAddress(given);
      expect(parse(connectionString)).toMatchObject({ user: "me", password, host: "db.example.org", port: "6543" });
      expect(description).toBe("PostgreSQL at db.example.org:6543/data");
      expect(databaseAddress(connectionString)).toEqual({ connectionString, description });
    }),
  );
});

test.each([
  ["postgres://h/d", { host: "h", database: "d" }, "h:5432/d"],
  ["postgresql://me@h:6000/d", { user: "me", host: "h", port: "6000" }, "h:6000/d"],
  ["POSTGRES://me:a@b:c@h/d", { password: "a@b:c", host: "h" }, "h:5432/d"],
  ["postgres://me:a b\"'\\@h/d", { password: "a b\"'\\", host: "h" }, "h:5432/d"],
  ["postgres://me:p%40ss%2F%25@h/d", { password: "p@ss/%" }, "h:5432/d"],
  ["postgres://me:p@[::1]:5433/d", { host: "::1", port: "5433" }, "[::1]:5433/d"],
  ["postgres://me:p@%2Fvar%2Frun%2Fpostgresql/d", { host: "/var/run/postgresql" }, "/var/run/postgresql:5432/d"],
  [
    "postgres:///d?host=/var/run/postgresql&user=me",
    { host: "/var/run/postgresql", user: "me" },
    "/var/run/postgresql:5432/d",
  ],
  ["postgres://me:p@h/my%20data", { database: "my data" }, "h:5432/my data"],
  ["postgres://me:p@h", { database: null }, "h:5432/"],
  [
    "postgres://me:p@h/d?sslmode=no-verify&application_name=a%20b",
    { ssl: { rejectUnauthorized: false }, application_name: "a b" },
    "h:5432/d",
  ],
  [
    "postgres://me:p@h/d?options=-c%20search_path%3Da&channel_binding=require",
    { options: "-c search_path=a" },
    "h:5432/d",
  ],
  ["postgres://me:p@h/d?sslmode=require", { sslmode: "verify-full" }, "h:5432/d"],
  [" 'postgres://me:p@h/d' ", { password: "p", database: "d" }, "h:5432/d"],
  ["psql postgres://me:p@h/d", { password: "p", database: "d" }, "h:5432/d"],
])("%s is read as it is meant", (given, expected, shown) => {
  const { connectionString, description } = databaseAddress(given);
  expect(parse(connectionString)).toMatchObject(expected);
  expect(description).toBe(`PostgreSQL at ${shown}`);
});

test.each([
  "postgres://me:p@h:65536/d",
  "postgres://me:p@[:::::]/d",
  "postgres://me:p@h/d%0AFAKE",
  "postgres://h/d?host=a%0Ab",
])("%s is refused before a driver sees it", (given) =>
  expect(() => databaseAddress(given)).toThrow(/is not of the form/),
);

test("what an address leaves out comes from libpq's variables, as node-postgres takes it", () => {
  const environment = { PGHOST: "db.example.org", PGPORT: "6543", PGDATABASE: "data" };
  const descriptionOf = (given: string) => databaseAddress(given, "DATABASE_URL", environment).description;
  expect(descriptionOf("postgres://")).toBe("PostgreSQL at db.example.org:6543/data");
  expect(descriptionOf("postgres://h:1/d")).toBe("PostgreSQL at h:1/d");
  expect(() => databaseAddress("postgres:///d", "DATABASE_URL", { PGHOST: "h password=p" })).toThrow(
    /is not of the form/,
  );
});

test("a malformed address names its variable and the form that is expected", () => {
  expect(() => parseLocation("postgres:OTHER", { OTHER: "host=h password=p" })).toThrow(
    /OTHER is not of the form postgres:\/\/user:password@host:port\/database.*percent-encoded/,
  );
});

test.each([
  "postgres:me:SECRET@h/d",
  "postgres://me:SECRET@h/d",
  "supabase:SECRET",
  "SECRET",
  "pglite:postgres://me:SECRET@h/d",
  "pglite:\nSECRET",
  "postgres://me:SECRET word@h/d\n",
])("the location %s of a copy is refused and not repeated", async (text) => {
  const thrown = await thrownBy(() => parseLocation(text, {}));
  expect(thrown).toMatchObject({ code: "STORE_LOCATION_INVALID" });
  expect(printedOf(thrown)).not.toContain("SECRET");
});

test("Supabase's settings may be in quotes; what is none is not repeated", () => {
  const key = `sb_secret_${START}${END}`;
  expect(checkedCredentials({ url: '"https://p.supabase.co/"\n', key: `'${key}'\n` })).toEqual({
    url: "https://p.supabase.co",
    key,
  });
  fc.assert(
    fc.property(nasty, (secret) => {
      for (const given of [
        { url: secret, key: secret },
        { url: `postgres://me:${secret}@h/d`, key: secret },
        { url: "https://p.supabase.co", key: `sb_secret_\n${secret}\n` },
      ]) {
        try {
          checkedCredentials(given);
        } catch (thrown) {
          expectUnsaid(printedOf(thrown));
        }
      }
    }),
  );
});

test.each(["__proto__", "constructor", "toString"])("%s is no variable of the environment", (name) => {
  expect(() => parseLocation(`postgres:${name}`)).toThrow(`${name} is not set`);
});

test("the form that a message asks for is shown whole, an address with a password is not", () => {
  const form = "postgres://user:password@host:port/database";
  expect(withoutSecrets(`write ${form}`, {})).toBe(`write ${form}`);
  expect(withoutSecrets("postgres://user:password@geheim@host/db", {})).toBe("postgres://user:***@host/db");
  expect(withoutSecrets("postgres://me:geheim@host/db", {})).toBe("postgres://me:***@host/db");
});
