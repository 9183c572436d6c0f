import pRetry from "p-retry";
import { Client, Pool, type PoolConfig } from "pg";
import { z } from "zod";
import { ThumbrankError, withoutSecrets } from "../base";
import { databaseAddress } from "./address";
import { createBulk } from "./bulk";
import { databaseError, type SqlConnection, statementFailed } from "./connection";
import {
  StatementTimedOut,
  StoreAccessDenied,
  StoreCertificateUnknown,
  StoreLocationInvalid,
  StoreUnreachable,
} from "./errors";

/** SQLSTATE classes 28 (authorisation) and 3D (no such database), and 42501 (may not connect). */
const DENIED = /^(28...|3D...|42501)$/;
/** The server stopped or closed the connection (57P0x, 08xxx), is out of connections, or the network failed. */
const LOST = /^(08...|57P0[1-3]|53300|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
const LOST_MESSAGE = /connection terminated|timeout exceeded when trying to connect/i;
/** Node's codes for certificates that it cannot trust. */
const UNKNOWN_CERTIFICATE = /CERT|UNABLE_TO_(VERIFY|GET)|SELF_SIGNED/;
/** query_canceled, which is also the code when a user cancels, and lock_not_available. */
const TIMED_OUT = /^(57014|55P03)$/;
const PASSWORD_MISSING = /client password must be a/;
const REFUSED_BY_POOLER = /unsupported startup parameter/;
const RETRIES = { retries: 3, minTimeout: 200, factor: 3, randomize: true };

/** Environment settings of connections; a parameter of the same name in DATABASE_URL takes precedence. 0: no limit. */
const Settings = z.object({
  /** One statement: building pairs of a million videos takes minutes. */
  THUMBRANK_STATEMENT_TIMEOUT_MS: milliseconds(30 * 60_000),
  /** Waiting for a lock that another program holds. */
  THUMBRANK_LOCK_TIMEOUT_MS: milliseconds(2 * 60_000),
  /** A transaction that is open but idle, such as one whose program was cut off by a network failure. */
  THUMBRANK_IDLE_TIMEOUT_MS: milliseconds(5 * 60_000),
  THUMBRANK_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(4),
});

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects to a PostgreSQL server.
 * @param url postgres://user:password@host:port/database; no message repeats it
 * @throws StoreLocationInvalid if the URL or a setting in the environment is invalid
 * @throws StoreUnreachable if no server answers; StoreCertificateUnknown if its certificate cannot be verified
 * @throws StoreAccessDenied if the server refuses the user, password or database
 */
export async function openPostgres(url: string): Promise<SqlConnection> {
  const { connectionString, description: address } = databaseAddress(url);
  const settings = poolSettings(connectionString);
  try {
    return connect(await openPool(settings), address);
  } catch (thrown) {
    if (!REFUSED_BY_POOLER.test(databaseError(thrown).message)) throw connectionRefused(thrown, address);
  }
  try {
    return connect(await openPool(poolerSettings(settings)), address);
  } catch (thrown) {
    throw connectionRefused(thrown, address);
  }
}

async function openPool(settings: PoolConfig): Promise<Pool> {
  const pool = new Pool({ ...settings, Client: PostgresClient });
  // Losing an idle connection is not an error yet: the next statement opens a new one or reports what is wrong.
  pool.on("error", () => {});
  try {
    (await pool.connect()).release();
    return pool;
  } catch (thrown) {
    await pool.end();
    throw thrown;
  }
}

function connect(pool: Pool, address: string): SqlConnection {
  const failed = (thrown: unknown, sql: string) => toStoreError(thrown, sql, address);
  let closing: Promise<void> | null = null;
  return {
    description: address,
    bulk: createBulk(pool, { again, failed }),
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      try {
        return (await again(() => pool.query(sql, [...parameters]))).rows as Row[];
      } catch (thrown) {
        throw failed(thrown, sql);
      }
    },
    async script(sql) {
      try {
        await again(() => pool.query(sql));
      } catch (thrown) {
        throw failed(thrown, sql);
      }
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** Repeats a statement if its connection was lost: all of ours are safe to run twice. */
function again<Result>(run: () => Promise<Result>): Promise<Result> {
  return pRetry(run, { ...RETRIES, shouldRetry: ({ error }) => isLost(error) });
}

function isLost(thrown: unknown): boolean {
  if (thrown instanceof ThumbrankError) return false;
  const { code, message } = firstError(thrown);
  return (code !== null && LOST.test(code)) || LOST_MESSAGE.test(message);
}

/** Converts what a statement threw to a coded error. */
function toStoreError(thrown: unknown, sql: string, address: string): Error {
  const { code, message } = firstError(thrown);
  if (isLost(thrown)) return new StoreUnreachable(address, `the connection was lost: ${withoutSecrets(message)}`);
  const failed = statementFailed(thrown, sql);
  const isLate = code !== null && TIMED_OUT.test(code) && message.includes("timeout");
  return isLate ? new StatementTimedOut(address, failed.statement, message) : failed;
}

/** Converts a connection failure to a coded error. @param address description of the database */
export function connectionRefused(thrown: unknown, address: string): ThumbrankError {
  const { code, message } = firstError(thrown);
  // The path of a file that cannot be opened is left out: some users give the key itself instead of its file.
  const reason = withoutSecrets(message.replace(/, open '[\s\S]*$/, ", a file that DATABASE_URL names (ssl...)"));
  if (PASSWORD_MISSING.test(message))
    return new StoreAccessDenied(address, "it asks for a password, and none was given; PGPASSWORD may also hold it");
  if (code !== null && DENIED.test(code)) return new StoreAccessDenied(address, reason);
  if (code !== null && UNKNOWN_CERTIFICATE.test(code)) return new StoreCertificateUnknown(address, reason);
  return new StoreUnreachable(address, reason);
}

/** A failed connection to several addresses has its reason only in `errors`. */
function firstError(thrown: unknown): { code: string | null; message: string } {
  return databaseError(thrown instanceof AggregateError ? thrown.errors[0] : thrown);
}

/**
 * node-postgres' client leaves its connection open if it refuses to log in itself, for example because no password was
 * given; the process would never exit. This one closes the connection.
 */
export class PostgresClient extends Client {
  override connect(): Promise<Client>;
  override connect(done: (error: Error) => void): void;
  override connect(done?: (error: Error) => void): Promise<Client> | undefined {
    const connected = super.connect().catch((error: unknown) => {
      this.end().catch(() => {});
      throw error;
    });
    if (done === undefined) return connected;
    connected.then(() => done(undefined as never), done);
    return undefined;
  }
}

function milliseconds(standard: number) {
  return z.coerce.number().int().nonnegative().default(standard);
}

/**
 * The pool's settings for a URL, whose own parameters (statement_timeout, sslmode, ...) take precedence.
 * @throws StoreLocationInvalid naming the variable
 */
function poolSettings(connectionString: string, environment: NodeJS.ProcessEnv = process.env): PoolConfig {
  const given = Settings.safeParse(environment);
  if (!given.success) {
    const [issue] = given.error.issues;
    const name = String(issue?.path[0]);
    throw new StoreLocationInvalid(`${name} is "${environment[name]}": ${issue?.message}`, `correct or unset ${name}`);
  }
  return {
    connectionString,
    max: given.data.THUMBRANK_CONNECTIONS,
    statement_timeout: given.data.THUMBRANK_STATEMENT_TIMEOUT_MS,
    lock_timeout: given.data.THUMBRANK_LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: given.data.THUMBRANK_IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: "thumbrank",
  };
}

/** The settings without those that some connection poolers refuse; the server's own limits apply instead. */
function poolerSettings(settings: PoolConfig): PoolConfig {
  const { statement_timeout, lock_timeout, idle_in_transaction_session_timeout, ...others } = settings;
  return others;
}
