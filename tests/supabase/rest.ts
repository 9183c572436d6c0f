import { Pool, type PoolClient } from "pg";
import { planCall } from "./call";
import { databaseRefusal, isDatabaseFailure, pgrst, Refusal } from "./refusal";
import type { Answer, Plan, PlanRow, RestRequest } from "./request";
import { planTable } from "./table";

/** What the REST server obeys, changeable while it runs. */
export interface RestSettings {
  maxRows: number;
  /** In place of the roles' own timeouts. */
  statementTimeoutMs: number | null;
}

/** The REST server: answers requests over a pool that connects as authenticator. Throws Refusal. */
export interface Rest {
  answer(request: RestRequest, settings: RestSettings): Promise<Answer>;
  end(): Promise<void>;
}

const ROLE_TIMEOUT = `select substr(setting, 19) as timeout
  from pg_db_role_setting, unnest(setconfig) setting
  where setrole = (select oid from pg_roles where rolname = $1) and setdatabase = 0 and setting like 'statement_timeout=%'`;

/** Opens the pool. Each request runs in a transaction of its own, under the caller's role. */
export function openRest(authenticatorUrl: string, connections: number): Rest {
  const pool = new Pool({ connectionString: authenticatorUrl, max: connections, connectionTimeoutMillis: 10_000 });
  // A connection that breaks fails its request, or is replaced where it was idle.
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));
  return {
    async answer(request, settings) {
      const client = await acquire(pool);
      let broken = true;
      try {
        const answered = await answerOn(client, request, settings);
        broken = false;
        return answered;
      } catch (error) {
        broken = !(error instanceof Refusal) || error.status === 503;
        throw error;
      } finally {
        client.release(broken);
      }
    },
    end: () => pool.end(),
  };
}

async function acquire(pool: Pool): Promise<PoolClient> {
  return pool.connect().catch((error: unknown) => {
    if (isDatabaseFailure(error)) throw pgrst(503, "PGRST000", "Database connection error.", error.message);
    const { message } = error instanceof Error ? error : new Error(String(error));
    if (message.includes("timeout exceeded when trying to connect")) {
      throw pgrst(504, "PGRST003", "Timed out acquiring connection from connection pool.");
    }
    throw pgrst(503, "PGRST000", "Database connection error.", message);
  });
}

async function answerOn(client: PoolClient, request: RestRequest, settings: RestSettings): Promise<Answer> {
  requireSchema(request);
  let plan: Plan | null = null;
  try {
    plan = await (request.path.startsWith("rpc/") ? planCall : planTable)(client, request, settings.maxRows);
    const timeout = await timeoutOf(client, request, settings);
    await client.query(plan.isReadOnly ? "begin read only" : "begin");
    await enter(client, request, [timeout, plan.statementTimeout]);
    const { rows } = await client.query<PlanRow>(plan.text, plan.values);
    const [row] = rows;
    if (row === undefined) throw new Error("the statement gave no row");
    const answer = plan.answer(row);
    await client.query("commit");
    return answer;
  } catch (error) {
    throw await refused(client, error, request, plan);
  }
}

// An error at commit leaves no transaction; a rollback then is a warning.
async function refused(client: PoolClient, error: unknown, request: RestRequest, plan: Plan | null): Promise<Refusal> {
  const lost = await client.query("rollback").then(
    () => false,
    () => true,
  );
  if (error instanceof Refusal) return error;
  if (isDatabaseFailure(error)) return databaseRefusal(error, request.caller.role, plan?.grantHint ?? null);
  if (!lost) throw error;
  const { message } = error instanceof Error ? error : new Error(String(error));
  return pgrst(503, "PGRST001", "Database client error. Retrying the connection.", message);
}

function requireSchema({ headers, method }: RestRequest): void {
  const profile = headers[["GET", "HEAD"].includes(method) ? "accept-profile" : "content-profile"] ?? "public";
  if (profile === "public") return;
  throw pgrst(406, "PGRST106", `Invalid schema: ${profile}`, null, "Only the following schemas are exposed: public");
}

async function timeoutOf(client: PoolClient, request: RestRequest, settings: RestSettings): Promise<string | null> {
  if (settings.statementTimeoutMs !== null) return `${settings.statementTimeoutMs}ms`;
  const { rows } = await client.query<{ timeout: string }>(ROLE_TIMEOUT, [request.caller.role]);
  return rows[0]?.timeout ?? null;
}

// The role's timeout comes first and the function's own over it; a role without one keeps authenticator's.
async function enter(client: PoolClient, request: RestRequest, timeouts: (string | null)[]): Promise<void> {
  const { caller, method, path, headers } = request;
  const settings: [string, string][] = [
    ["search_path", '"public", "extensions"'],
    ["role", caller.role],
    ["request.jwt.claims", JSON.stringify({ ...caller.claims, role: caller.role })],
    ["request.method", method],
    ["request.path", `/${path}`],
    ["request.headers", JSON.stringify(headers)],
    ...timeouts
      .filter((timeout) => timeout !== null)
      .map((timeout): [string, string] => ["statement_timeout", timeout]),
  ];
  const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
  await client.query(`select ${calls.join(", ")}`, settings.flat());
}
