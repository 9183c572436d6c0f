import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { errorCode } from "../../base";
import { CtrConsentDenied, CtrConsentTimeout, CtrPortInUse, CtrStateWrong } from "./errors";

const HOST = "127.0.0.1";

/** Waits on the loopback interface for the answer of a consent page (RFC 8252, "Loopback Interface Redirection"). */
export interface Loopback {
  redirectUri: string;
  /**
   * Waits for the answer and returns its code.
   * @throws CtrConsentDenied, CtrConsentTimeout, CtrStateWrong
   */
  code(timeoutMs: number, signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/**
 * Listens for the answer of a consent page.
 * @param state value that the answer must repeat
 * @param port 0 picks a free one
 * @throws CtrPortInUse
 */
export async function listenForCode(state: string, port: number): Promise<Loopback> {
  let settle: (answer: URLSearchParams) => void = () => {};
  const answered = new Promise<URLSearchParams>((resolve) => {
    settle = resolve;
  });
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", `http://${HOST}`);
    if (pathname !== "/" || !(searchParams.has("code") || searchParams.has("error"))) return respond(response, 404, "");
    const [status, text] = verdictOn(searchParams, state);
    respond(response, status, text);
    settle(searchParams);
  });
  const listening = await listen(server, port);
  return {
    redirectUri: `http://${HOST}:${listening}/`,
    code: async (timeoutMs, signal) => parseCode(await within(answered, timeoutMs, signal), state),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, HOST);
    await once(server, "listening");
  } catch (thrown) {
    throw new CtrPortInUse(port, errorCode(thrown) ?? "unknown");
  }
  const address = server.address();
  return address === null || typeof address === "string" ? port : address.port;
}

async function within<Value>(promise: Promise<Value>, timeoutMs: number, signal?: AbortSignal): Promise<Value> {
  const ends = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(signal?.aborted ? signal.reason : new CtrConsentTimeout(timeoutMs / 60_000));
    ends.addEventListener("abort", end, { once: true });
  });
  return Promise.race([promise, ended]);
}

function parseCode(answer: URLSearchParams, state: string): string {
  if (!isSame(answer.get("state") ?? "", state)) throw new CtrStateWrong();
  const code = answer.get("code");
  if (code !== null && code !== "") return code;
  const reason = answer.get("error") ?? "";
  throw new CtrConsentDenied(/^[a-z_]{1,64}$/.test(reason) ? reason : "unknown");
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function verdictOn(answer: URLSearchParams, state: string): [status: number, text: string] {
  if (!isSame(answer.get("state") ?? "", state)) return [400, "This answer belongs to another consent page."];
  if (answer.has("error")) return [200, "No permission was given. You may close this page."];
  return [200, "Thumbrank has the answer. You may close this page and go back to the terminal."];
}

/** The page's URL contains the code, so the headers forbid caching and referrers. */
function respond(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "content-security-policy": "default-src 'none'",
      connection: "close",
    })
    .end(`<!doctype html><title>Thumbrank</title><p>${text}</p>`);
}
