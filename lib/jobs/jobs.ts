import pRetry from "p-retry";
import { type Db, PgBoss } from "pg-boss";
import { messageOf, withoutSecrets } from "../base";
import { connectionRefused, databaseAddress, PostgresClient, StoreUnreachable } from "../store";
import { JobsDatabaseMissing, JobsSchemaRefused } from "./errors";
import { deadLetterOf, JOB_SETTINGS, QUEUES, SCHEMA } from "./queues";

const CONNECTIONS = 4;
const DEAD_LETTER_DAYS = 365;
const DAY_SECONDS = 86_400;
const INSUFFICIENT_PRIVILEGE = "42501";

/** An open connection to the queues in a database. */
export interface Jobs {
  boss: PgBoss;
  /** Runs a query on the jobs' tables. */
  query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]>;
  /** Begins a transaction on its own connection. */
  begin(): Promise<Transaction>;
  /**
   * Calls the database and retries for half a minute if it does not answer.
   * @throws StoreUnreachable
   */
  withRetries<Result>(call: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** An open transaction; calls of pg-boss that are given its `db` become part of it. */
type Transaction = Awaited<ReturnType<NonNullable<Db["beginTransaction"]>>>;

/** Who opens the queues, and how often it checks for expired leases. */
export interface JobsRole {
  role: "worker" | "coordinator";
  watchSeconds?: number;
}

/**
 * Opens the queues in the database at a URL, and creates those that are missing.
 * @throws JobsDatabaseMissing if there is no URL; JobsSchemaRefused; what `connectionRefused` returns
 */
export async function openJobs(databaseUrl: string | undefined, { role, watchSeconds = 10 }: JobsRole): Promise<Jobs> {
  if (!databaseUrl) throw new JobsDatabaseMissing();
  const { connectionString, description: address } = databaseAddress(databaseUrl);
  // `Client` is not in pg-boss's option types, but pg-boss passes it on to pg.
  const connection = { connectionString, Client: PostgresClient };
  const boss = new PgBoss({
    ...connection,
    schema: SCHEMA,
    max: CONNECTIONS,
    schedule: false,
    instanceName: role,

    superviseIntervalSeconds: watchSeconds,
    monitorIntervalSeconds: watchSeconds,
  });
  // pg-boss repeats its background work after errors; errors of calls are thrown anyway.
  boss.on("error", () => {});
  try {
    await boss.start();
    await makeQueues(boss);
  } catch (thrown) {
    await boss.stop({ graceful: false }).catch(() => {});
    throw toJobsError(thrown, address);
  }
  return createJobs(boss, address);
}

function createJobs(boss: PgBoss, address: string): Jobs {
  return {
    boss,
    async query<Row>(sql: string, values: readonly unknown[]) {
      return (await boss.getDb().executeSql(sql, [...values])).rows as Row[];
    },
    async begin() {
      const transaction = await boss.getDb().beginTransaction?.();
      if (!transaction) throw new Error("pg-boss's own pool has transactions");
      return transaction;
    },
    async withRetries(call) {
      try {
        return await pRetry(call, { retries: 6, minTimeout: 500, shouldRetry: ({ error }) => isConnectionLost(error) });
      } catch (thrown) {
        if (!isConnectionLost(thrown)) throw thrown;
        throw new StoreUnreachable(address, withoutSecrets(messageOf(thrown)));
      }
    },
    close: () => boss.stop({ graceful: false }),
  };
}

async function makeQueues(boss: PgBoss): Promise<void> {
  const { leaseSeconds, heartbeatSeconds, retryLimit, retryDelaySeconds, retryDelayMaxSeconds } = JOB_SETTINGS;
  for (const queue of QUEUES) {
    const deadLetter = deadLetterOf(queue);
    await boss.createQueue(deadLetter, { retentionSeconds: DEAD_LETTER_DAYS * DAY_SECONDS });
    await boss.createQueue(queue, {
      // At most one job with the same key waits or runs.
      policy: "exclusive",
      deadLetter,
      retryLimit,
      retryBackoff: true,
      retryDelay: retryDelaySeconds,
      retryDelayMax: retryDelayMaxSeconds,
      expireInSeconds: leaseSeconds,
      heartbeatSeconds,
    });
  }
}

function toJobsError(thrown: unknown, address: string): Error {
  return codeOf(thrown) === INSUFFICIENT_PRIVILEGE
    ? new JobsSchemaRefused(address, withoutSecrets(messageOf(thrown)))
    : connectionRefused(thrown, address);
}

/** Whether the server was unreachable, stopping or out of resources (classes 08, 53, 57); false if it refused us. */
function isConnectionLost(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || /^(08|53|57)/.test(code);
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, "code") : undefined;
}
