import { Client, Pool } from "pg";
import { bulkOf } from "./bulk";
import { databaseError, type SqlConnection, statementFailed } from "./connection";
import { StoreAccessDenied, StoreUnreachable } from "./errors";

const CONNECT_TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 4;
/** SQLSTATE classes 28 (authorisation) and 3D (no such database), and 42501 (may not connect). */
const DENIED = /^(28...|3D...|42501)$/;

/**
 * Connects to a PostgreSQL server.
 * @param url postgres://user:password@host:port/database; no message repeats it
 * @throws StoreUnreachable when no server answers, or the URL is none
 * @throws StoreAccessDenied when the server refuses user, password or database
 */
export async function openPostgres(url: string): Promise<SqlConnection> {
  const address = addressOf(url);
  const pool = new Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "thumbrank",
  });
  // A lost idle connection is no error yet: the next statement takes a new one, or says what is wrong.
  pool.on("error", () => {});
  try {
    (await pool.connect()).release();
  } catch (thrown) {
    await pool.end();
    throw refusal(thrown, address);
  }
  return connect(pool, address);
}

function connect(pool: Pool, address: string): SqlConnection {
  let closing: Promise<void> | null = null;
  return {
    description: address,
    bulk: bulkOf(pool, statementFailed),
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      try {
        return (await pool.query(sql, [...parameters])).rows as Row[];
      } catch (thrown) {
        throw statementFailed(thrown, sql);
      }
    },
    async script(sql) {
      try {
        await pool.query(sql);
      } catch (thrown) {
        throw statementFailed(thrown, sql);
      }
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

function addressOf(url: string): string {
  try {
    const { host, port, database } = new Client({ connectionString: url });
    return `PostgreSQL at ${host}:${port}/${database ?? ""}`;
  } catch {
    throw new StoreUnreachable(
      "the database",
      "DATABASE_URL is no URL of the form postgres://user:password@host:port/database",
    );
  }
}

/** Why no connection came about. A failed connection to several addresses has its reason in `errors` alone. */
function refusal(thrown: unknown, address: string): StoreAccessDenied | StoreUnreachable {
  const first: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const { code, message } = databaseError(first);
  return code !== null && DENIED.test(code)
    ? new StoreAccessDenied(address, message)
    : new StoreUnreachable(address, message);
}
