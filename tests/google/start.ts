import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { certificate } from "./certificate";
import type { CallLogEntry } from "./log";
import { type GoogleOptions, Options } from "./options";
import type { LedgerRow } from "./quota";
import type { PictureCounts } from "./thumbnails";

export type { CallLogEntry } from "./log";
export type { GoogleOptions } from "./options";
export type { LedgerRow } from "./quota";

const PROGRAM = join(__dirname, "programs", "serve.ts");
const Ports = z.object({ port: z.number(), controlPort: z.number() });

/** A running stand-in. */
export interface GoogleStandIn {
  /** For the client's `rootUrl`: Data API, Reporting API, OAuth's endpoints and pictures are all below it. */
  rootUrl: string;
  /** What the addresses of pictures begin with. */
  thumbnailsUrl: string;
  /** Endpoints for google-auth-library's `OAuth2Client`. */
  endpoints: { oauth2AuthBaseUrl: string; oauth2TokenUrl: string; oauth2RevokeUrl: string; tokenInfoUrl: string };
  /** The certificate, for NODE_EXTRA_CA_CERTS. */
  caFile: string;
  /** The same, PEM. */
  ca: string;
  pid: number;
  /** The options with their defaults: what `World` takes is in `world`. */
  options: Options;
  /** The calls of the APIs (not of pictures), oldest first. */
  log(): Promise<CallLogEntry[]>;
  clearLog(): Promise<void>;
  /** Calls and costs by project, Pacific day and method. */
  ledger(): Promise<LedgerRow[]>;
  pictures(): Promise<PictureCounts>;
  memory(): Promise<{ rssBytes: number; cpuMs: number }>;
  /** Changes options; `scripted` counts from the next call on. */
  set(changes: GoogleOptions): Promise<void>;
  advance(ms: number): Promise<void>;
  /** Sets the clock, which stands then. */
  setClock(now: string): Promise<void>;
  /** Milliseconds since 1970. */
  now(): Promise<number>;
  /** As if people withdrew their consent. */
  revokeAll(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the stand-in of Google's APIs in a process of its own. Ends with `stop`, or with this process. */
export async function startGoogle(given: GoogleOptions = {}): Promise<GoogleStandIn> {
  const options = Options.parse(given);
  const { key, cert } = await certificate();
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-google-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, cert);
  const child = spawned();
  child.stdin.write(`${JSON.stringify({ key, cert, options })}\n`);
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    died(child),
  ])) as string[];
  const { port, controlPort } = Ports.parse(JSON.parse(line ?? ""));
  const origin = `https://127.0.0.1:${port}`;
  const stop = async () => {
    await stopped(child);
    await rm(folder, { recursive: true, force: true });
  };
  return { ...addresses(origin), caFile, ca: cert, pid: child.pid ?? 0, options, ...controls(controlPort), stop };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function spawned(): Child {
  const loader = require.resolve("tsx/cjs");
  return spawn(
    process.execPath,
    ["--max-semi-space-size=4", "--max-old-space-size=128", "--require", loader, PROGRAM],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
}

async function died(child: Child): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`the stand-in of Google's APIs ended with ${code}`);
}

async function stopped(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.stdin.end();
  await gone;
}

const addresses = (origin: string) => ({
  rootUrl: `${origin}/`,
  thumbnailsUrl: `${origin}/vi/`,
  endpoints: {
    oauth2AuthBaseUrl: `${origin}/o/oauth2/v2/auth`,
    oauth2TokenUrl: `${origin}/token`,
    oauth2RevokeUrl: `${origin}/revoke`,
    tokenInfoUrl: `${origin}/tokeninfo`,
  },
});

function controls(port: number) {
  const call = async <T>(action: string, given?: unknown): Promise<T> => {
    const body = given === undefined ? {} : { method: "POST", body: JSON.stringify(given) };
    const response = await fetch(`http://127.0.0.1:${port}/_control/${action}`, body);
    if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    log: () => call<CallLogEntry[]>("log"),
    clearLog: () => call<void>("clearLog"),
    ledger: () => call<LedgerRow[]>("ledger"),
    pictures: () => call<PictureCounts>("pictures"),
    memory: () => call<{ rssBytes: number; cpuMs: number }>("memory"),
    set: (changes: GoogleOptions) => call<void>("set", changes),
    advance: (ms: number) => call<void>("advance", { ms }),
    setClock: (now: string) => call<void>("clock", { now }),
    now: () => call<number>("now"),
    revokeAll: () => call<void>("revokeAll"),
  };
}
