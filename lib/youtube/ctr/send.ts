import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { OAuth2Client } from "google-auth-library";
import { describeNetworkError, NoAnswer } from "../client";
import { tokenRefusal } from "./oauth";

/** A connection counts as dead after this time without a byte. */
const SILENCE_MS = 60_000;
/** Google compresses only if both headers mention gzip. */
const GZIP = { "accept-encoding": "gzip", "user-agent": "thumbrank (gzip)" };

/** One request to the Reporting API. */
export interface Asked {
  /** Human-readable name, such as "list the jobs". */
  call: string;
  url: URL;
  method?: "GET" | "POST";
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** An answer with any status. */
export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  /** Decompressed chunks. Reading throws NoAnswer if the body is truncated or its checksum is wrong. */
  body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request once with the owner's access token, which is renewed if it has expired. It does not use `fetch`,
 * which does not notice if a compressed body is truncated.
 * @throws NoAnswer; CtrAuthorisationEnded or CtrClientRefused if Google issues no token
 */
export async function send(client: OAuth2Client, asked: Asked): Promise<Answered> {
  const authorization = await requestAuthorization(client);
  try {
    const response = await responseTo(asked, authorization);
    return { status: response.statusCode ?? 0, headers: response.headers, body: readPieces(response) };
  } catch (thrown) {
    throw new NoAnswer(describeNetworkError(thrown));
  }
}

/** Reads the whole body as text. @throws NoAnswer */
export async function readText({ body }: Answered): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

async function requestAuthorization(client: OAuth2Client): Promise<string> {
  try {
    return (await client.getRequestHeaders()).get("authorization") ?? "";
  } catch (thrown) {
    throw tokenRefusal(thrown);
  }
}

function responseTo({ url, method = "GET", body, headers }: Asked, authorization: string): Promise<IncomingMessage> {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const options = { method, headers: { authorization, ...GZIP, ...type, ...headers }, timeout: SILENCE_MS };
  return new Promise((resolve, reject) => {
    const sent = url.protocol === "http:" ? overHttp(url, options, resolve) : overHttps(url, options, resolve);
    sent.on("timeout", () => sent.destroy(new Error(`nothing came for ${SILENCE_MS / 1000} s`)));
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function* readPieces(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  const whole: Readable =
    response.headers["content-encoding"] === "gzip" ? pipeline(response, createGunzip(), () => {}) : response;
  try {
    yield* whole;
  } catch (thrown) {
    throw new NoAnswer(describeNetworkError(thrown));
  } finally {
    response.destroy();
  }
}
