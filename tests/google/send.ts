import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, gzipSync } from "node:zlib";
import { spoil } from "./faults";
import { acceptsGzipOf, type Google } from "./google";

const LEAST_GZIP_BYTES = 1_024;

/** The whole body of a request, as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  if (request.method === "GET" || request.method === "HEAD") return "";
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** Answers one request: late where latency is set, spoiled where a fault was drawn, compressed where the client takes it. */
export async function serve(google: Google, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const outcome = await google.respond(request, await bodyOf(request));
  const { latencyMs, slowMs, gzip } = google.options;
  if (latencyMs > 0) await sleep(latencyMs);
  if (outcome === "reset") return void response.socket?.destroy();
  const { answer, fault } = outcome;
  if (fault) return spoil(fault, answer, response, slowMs);
  const takesGzip =
    gzip && typeof answer.body === "string" && answer.body.length >= LEAST_GZIP_BYTES && acceptsGzipOf(request);
  const body = takesGzip ? gzipSync(answer.body, { level: constants.Z_BEST_SPEED }) : Buffer.from(answer.body);
  const encoding = takesGzip ? { "content-encoding": "gzip", vary: "Accept-Encoding" } : {};
  const length = answer.status === 304 ? {} : { "content-length": body.length };
  response.writeHead(answer.status, { ...answer.headers, ...encoding, ...length }).end(body);
}
