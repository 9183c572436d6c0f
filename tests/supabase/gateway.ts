import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { random } from "../../lib/base/random";
import { type Fault, paused, refusalOf, tooLarge } from "./faults";
import { callerOf, type Keys } from "./keys";
import { pgrst, Refusal } from "./refusal";
import type { Answer } from "./request";
import type { Rest, RestSettings } from "./rest";

/** How the gateway behaves, changeable while it runs. */
export interface Behaviour extends RestSettings {
  paused: boolean;
  latencyMs: number;
  /** Share of requests that meet one of `faults`, drawn by `seed`. */
  faultRate: number;
  faults: Fault[];
  maxBodyBytes: number;
  maxUrlBytes: number;
}

/** One request as it was answered; status 0 where the connection broke. */
export interface Logged {
  method: string;
  /** With its parameters, below /rest/v1/. */
  path: string;
  role: string | null;
  prefer: string;
  status: number;
  requestBytes: number;
  responseBytes: number;
  fault: Fault | null;
}

/** The HTTP side of the stand-in. */
export interface Gateway {
  url: string;
  log: Logged[];
  /** Faults that the next requests meet, in order, whatever faultRate says. */
  pending: Fault[];
  stop(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function openGateway(keys: Keys, rest: Rest, behaviour: Behaviour, seed: number): Promise<Gateway> {
  const draw = random("supabase faults", seed);
  const gateway: Gateway = { url: "", log: [], pending: [], stop: async () => {} };
  const nextFault = (): Fault | null => {
    const due = gateway.pending.shift();
    if (due !== undefined) return due;
    if (behaviour.faults.length === 0 || draw.uniform() >= behaviour.faultRate) return null;
    return behaviour.faults[draw.integer(behaviour.faults.length)] ?? null;
  };
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (incoming, outgoing) => {
    const logged = logOf(incoming, nextFault());
    gateway.log.push(logged);
    answer(incoming, outgoing, logged, keys, rest, behaviour).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gateway has no port");
  gateway.url = `http://127.0.0.1:${address.port}`;
  gateway.stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return gateway;
}

function logOf(incoming: IncomingMessage, fault: Fault | null): Logged {
  return {
    method: incoming.method ?? "",
    path: (incoming.url ?? "").replace(/^\/rest\/v1\//, ""),
    role: null,
    prefer: String(incoming.headers.prefer ?? ""),
    status: 0,
    requestBytes: 0,
    responseBytes: 0,
    fault,
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  logged: Logged,
  keys: Keys,
  rest: Rest,
  behaviour: Behaviour,
): Promise<void> {
  const body = await read(incoming);
  logged.requestBytes = body.length;
  if (behaviour.latencyMs > 0) await sleep(behaviour.latencyMs);
  if (logged.fault === "reset") {
    outgoing.destroy();
    return;
  }
  const answered = await work(incoming, body, logged, keys, rest, behaviour).catch(refusalAnswer);
  if (logged.fault === "lost") {
    outgoing.destroy();
    return;
  }
  send(outgoing, answered, logged);
}

async function read(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function work(
  incoming: IncomingMessage,
  body: Buffer,
  logged: Logged,
  keys: Keys,
  rest: Rest,
  behaviour: Behaviour,
): Promise<Answer> {
  const refusal = logged.fault === null ? null : refusalOf(logged.fault);
  if (refusal !== null) throw refusal;
  if (behaviour.paused) throw paused();
  if (body.length > behaviour.maxBodyBytes) throw tooLarge("body");
  if ((incoming.url ?? "").length > behaviour.maxUrlBytes) throw tooLarge("url");
  const url = new URL(incoming.url ?? "/", "http://gateway");
  const headers = single(incoming);
  const key = headers.apikey ?? url.searchParams.get("apikey") ?? undefined;
  const caller = callerOf(keys, key, headers.authorization);
  logged.role = caller.role;
  const path = restPath(url.pathname);
  return rest.answer(
    { method: incoming.method ?? "", path, parameters: url.searchParams, headers, body: body.toString(), caller },
    behaviour,
  );
}

function restPath(pathname: string): string {
  const parts = pathname.split("/").slice(1).map(decodeURIComponent);
  const [api, version, ...path] = parts;
  if (api !== "rest" || version !== "v1") throw new Refusal(404, { message: "no Route matched with those values" });
  const isCall = path.length === 2 && path[0] === "rpc";
  if (path.length !== 1 && !isCall) throw pgrst(404, "PGRST125", "Invalid path specified in request URL");
  return path.join("/");
}

function single(incoming: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}

function refusalAnswer(error: unknown): Answer {
  const refusal =
    error instanceof Refusal
      ? error
      : pgrst(500, "PGRSTX00", error instanceof Error ? (error.stack ?? error.message) : String(error));
  const isText = typeof refusal.body === "string";
  const code = isText ? undefined : refusal.body.code;
  const headers = {
    ...(isText ? {} : { "Content-Type": "application/json; charset=utf-8" }),
    ...(typeof code === "string" ? { "Proxy-Status": `PostgREST; error=${code}` } : {}),
    ...refusal.headers,
  };
  const body = typeof refusal.body === "string" ? refusal.body : JSON.stringify(refusal.body);
  return { status: refusal.status, headers, body };
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer, logged: Logged): void {
  const isBodiless = logged.method === "HEAD" || status === 204;
  const sent = isBodiless ? "" : body;
  logged.status = status;
  logged.responseBytes = Buffer.byteLength(sent);
  const length = isBodiless ? {} : { "Content-Length": String(logged.responseBytes) };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(sent);
}
