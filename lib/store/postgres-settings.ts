import type { PoolConfig } from "pg";
import { z } from "zod";
import { StoreLocationInvalid } from "./errors";

const milliseconds = (standard: number) => z.coerce.number().int().nonnegative().default(standard);

/** What a program may set of its connections; a parameter of the same name in DATABASE_URL goes before. 0: no limit. */
const Settings = z.object({
  /** One statement: building pairs of a million videos takes minutes. */
  THUMBRANK_STATEMENT_TIMEOUT_MS: milliseconds(30 * 60_000),
  /** Waiting for what another program holds. */
  THUMBRANK_LOCK_TIMEOUT_MS: milliseconds(2 * 60_000),
  /** A transaction that is open with nobody at work, as one whose program is gone behind a dead network. */
  THUMBRANK_IDLE_TIMEOUT_MS: milliseconds(5 * 60_000),
  THUMBRANK_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(4),
});

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The pool's settings for a URL, whose own parameters (statement_timeout, sslmode, ...) go before.
 * @throws StoreLocationInvalid naming the variable
 */
export function poolSettings(connectionString: string, environment: NodeJS.ProcessEnv = process.env): PoolConfig {
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

/** The same without what some connection poolers refuse to set; the server's own limits hold. */
export function poolerSettings(settings: PoolConfig): PoolConfig {
  const { statement_timeout, lock_timeout, idle_in_transaction_session_timeout, ...others } = settings;
  return others;
}
