import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { binariesFolder, serverUser } from "./postgres-binaries";

/** A real PostgreSQL server for one test file. */
export interface TestServer {
  /** Of the server's own database, as its superuser. */
  url: string;
  /** Process of the server, where it is ours. */
  pid: number | null;
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export const PASSWORD = "s3cret/p@ss:word";

/** Server of THUMBRANK_TEST_DATABASE_URL, else one of our own; null where this machine has no PostgreSQL at all. */
export async function startPostgres(settings: string[] = []): Promise<TestServer | null> {
  const given = process.env.THUMBRANK_TEST_DATABASE_URL;
  if (given) return serverAt(given, null, async () => {});
  const binaries = await binariesFolder();
  return binaries === null ? null : startOwn(binaries, settings);
}

/** Runs one statement at a URL. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function startOwn(binaries: string, settings: string[]): Promise<TestServer> {
  const user = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-postgres-"));
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, PASSWORD);
  for (const path of user === null ? [] : [folder, passwordFile]) await chown(path, user?.uid ?? 0, user?.gid ?? 0);
  const data = join(folder, "data");
  const options = ["-D", data, "-U", "thumbrank", `--pwfile=${passwordFile}`, "--auth=scram-sha-256", "-E", "UTF8"];
  await promisify(execFile)(join(binaries, "initdb"), [...options, "--no-sync"], { ...user, cwd: folder });

  const port = await freePort();
  const fixed = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "log_min_messages=fatal"];
  const flags = [...fixed, ...settings].flatMap((setting) => ["-c", setting]);
  const server = spawn(join(binaries, "postgres"), ["-D", data, "-p", String(port), ...flags], {
    ...user,
    cwd: folder,
    stdio: "ignore",
  });
  const killed = () => server.kill("SIGQUIT");
  process.once("exit", killed);
  const url = `postgres://thumbrank:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
  await answers(url, server);
  return serverAt(url, server.pid ?? null, async () => {
    process.off("exit", killed);
    killed();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    await rm(folder, { recursive: true, force: true });
  });
}

let databases = 0;

function serverAt(url: string, pid: number | null, stopped: () => Promise<void>): TestServer {
  const made: string[] = [];
  return {
    url,
    pid,
    async createDatabase() {
      const name = `thumbrank_test_${process.pid}_${databases++}`;
      await execute(url, `create database ${name}`);
      made.push(name);
      return Object.assign(new URL(url), { pathname: `/${name}` }).href;
    },
    async stop() {
      for (const name of pid === null ? made : []) await execute(url, `drop database ${name} with (force)`);
      await stopped();
    },
  };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the test server ended with exit code ${server.exitCode}`);
    const ready = await execute(url, "select 1").then(
      () => true,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("the probe has no port");
  return address.port;
}
