import { createHash } from "node:crypto";
import { Client } from "pg";
import { startPostgres, type TestServer } from "../store/postgres";

/** Whether new tables and functions of schema public are granted to the API's roles: projects made since 30 May 2026 don't. */
export type Exposure = "explicit" | "automatic";

/** The database of a project: its server, the owner's URL, and the URL that the REST server connects with. */
export interface Project {
  server: TestServer;
  ownerUrl: string;
  authenticatorUrl: string;
}

const API_ROLES = ["anon", "authenticated", "service_role"];
const KINDS = [
  { kind: "tables", all: "all", revoked: "select, insert, update, delete" },
  { kind: "functions", all: "all", revoked: "execute" },
  { kind: "sequences", all: "all", revoked: "usage, select" },
];

/** Makes a database as Supabase does: roles, schemas, default privileges, timeouts, and what policies call. */
export async function createProject(exposure: Exposure): Promise<Project> {
  const server = await startPostgres();
  if (server === null) throw new Error("there is no PostgreSQL here");
  const url = await server.createDatabase();
  const password = createHash("sha256").update(server.url).digest("hex");
  await run(server.url, [
    "begin",
    "select pg_advisory_xact_lock(hashtext('supabase roles'))",
    ...roles(password),
    "commit",
  ]);
  await run(url, [...schemas(new URL(url).pathname.slice(1)), ...defaults(exposure)]);
  const as = (username: string) => Object.assign(new URL(url), { username, password }).href;
  return { server, ownerUrl: as("project_owner"), authenticatorUrl: as("authenticator") };
}

async function run(url: string, statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function roles(password: string): string[] {
  const made = {
    anon: "nologin noinherit",
    authenticated: "nologin noinherit",
    service_role: "nologin noinherit bypassrls",
  };
  const withLogin = { authenticator: "login noinherit", project_owner: "login createrole createdb bypassrls" };
  return [
    ...Object.entries({ ...made, ...withLogin }).map(([role, attributes]) => createRole(role, attributes)),
    ...Object.keys(withLogin).map((role) => `alter role ${role} password '${password}'`),
    `grant ${API_ROLES.join(", ")} to authenticator`,
    `grant ${API_ROLES.join(", ")}, authenticator to project_owner with admin option`,
    "alter role anon set statement_timeout = '3s'",
    "alter role authenticated set statement_timeout = '8s'",
    "alter role authenticator set statement_timeout = '8s'",
    "alter role authenticator set lock_timeout = '8s'",
  ];
}

// A given server (THUMBRANK_TEST_DATABASE_URL) keeps the roles of the run before, and other test files use them too.
function createRole(role: string, attributes: string): string {
  return `do $$ begin create role ${role} ${attributes}; exception when duplicate_object or unique_violation then end $$`;
}

function schemas(database: string): string[] {
  const claims = "nullif(current_setting('request.jwt.claims', true), '')::jsonb";
  const used = ["extensions", "auth"];
  return [
    `alter database "${database}" owner to project_owner`,
    ...used.flatMap((schema) => [
      `create schema ${schema}`,
      `grant usage on schema ${schema} to project_owner, ${API_ROLES.join(", ")}`,
    ]),
    "grant all on schema extensions to project_owner",
    `create function auth.jwt() returns jsonb language sql stable as $$ select ${claims} $$`,
    "create function auth.uid() returns uuid language sql stable as $$ select (auth.jwt() ->> 'sub')::uuid $$",
    "create function auth.role() returns text language sql stable as $$ select auth.jwt() ->> 'role' $$",
    `grant usage on schema public to project_owner, ${API_ROLES.join(", ")}`,
  ];
}

// What the dashboard runs where "automatically expose new tables and functions" is off: tables keep truncate,
// references and trigger, and a schema's revoke cannot take what PostgreSQL grants public on every function.
function defaults(exposure: Exposure): string[] {
  const alter = "alter default privileges for role project_owner in schema public";
  const granted = KINDS.map(({ kind, all }) => `${alter} grant ${all} on ${kind} to ${API_ROLES.join(", ")}`);
  if (exposure === "automatic") return granted;
  const revoked = KINDS.map(
    ({ kind, revoked }) => `${alter} revoke ${revoked} on ${kind} from ${API_ROLES.join(", ")}`,
  );
  return [...granted, ...revoked, `${alter} revoke execute on functions from public`];
}
