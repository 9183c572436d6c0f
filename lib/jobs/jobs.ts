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

/** The queues in a database, open. */
export interface Jobs {
  boss: PgBoss;
  /** Runs a query on the jobs' tables. */
  query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]>;
  /** Begins a transaction on a connection of its own. */
  begin(): Promise<Transaction>;
  /**
   * Calls the database, again and again for half a minute where it does not answer.
   * @throws StoreUnreachable
   */
  withRetries<Result>(call: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** An open transaction; `db` is what calls of pg-boss take to be part of it. */
type Transaction = Awaited<ReturnType<NonNullable<Db["beginTransaction"]>>>;

/** Who opens the queues, and how often it looks for lost leases. */
export interface JobsRole {
  role: "worker" | "coordinator";
  watchSeconds?: number;
}

/**
 * Opens the queues in the database of a URL, and makes them where they are not there.
 * @throws JobsDatabaseMissing if there is no URL; JobsSchemaRefused; what `connectionRefused` gives
 */
export async function openJobs(databaseUrl: string | undefined, { role, watchSeconds = 10 }: JobsRole): Promise<Jobs> {
  if (!databaseUrl) throw new JobsDatabaseMissing();
  const { connectionString, description: address } = databaseAddress(databaseUrl);
  // Client is no option of pg-boss's types: it hands it on to pg.
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
  // What fails in the background is repeated there; what fails here is thrown.
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
      // At most one job of a key waits or runs.
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

/** Whether the server was not there, was ending or had no room (classes 08, 53 and 57), rather than refused. */
function isConnectionLost(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || /^(08|53|57)/.test(code);
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, "code") : undefined;
}
