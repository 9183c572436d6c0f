import { afterAll } from "vitest";
import { type Jobs, type JobsRole, openJobs } from "../../lib/jobs";
import { openStore, type Store } from "../../lib/store";
import { startPostgres, type TestServer } from "../store/postgres";

/** A server for the tests of a file; null where this machine has none. */
export const server: TestServer | null = await startPostgres();

/** For the name of a test that needs a server. */
export const withServer = server === null ? " (needs PostgreSQL)" : "";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await server?.stop();
});

/** The URL of a new empty database. */
export async function newDatabase(): Promise<string> {
  if (server === null) throw new Error("there is no PostgreSQL here");
  return server.createDatabase();
}

/** Opens the queues of a database until the tests are over; looks for lost leases every second. */
export async function jobsOf(url: string, role: JobsRole["role"] = "coordinator"): Promise<Jobs> {
  const jobs = await openJobs(url, { role, watchSeconds: 1 });
  closing.push(() => jobs.close());
  return jobs;
}

/** Opens the store of a database until the tests are over. */
export async function storeOf(url: string): Promise<Store> {
  const store = await openStore({ paths: { store: "" }, databaseUrl: url });
  closing.push(() => store.close());
  return store;
}
