import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { OAuth2Client } from "google-auth-library";
import { describeNetworkError, NoAnswer } from "../client";
import { tokenRefusal } from "./oauth";

/** Without a byte for so long a connection counts as dead. */
const SILENCE_MS = 60_000;
/** Google compresses only for programs that say so twice. */
const GZIP = { "accept-encoding": "gzip", "user-agent": "thumbrank (gzip)" };

/** One request of the Reporting API. */
export interface Asked {
  /** For people, such as "list the jobs". */
  call: string;
  url: URL;
  method?: "GET" | "POST";
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** An answer, whatever its status. */
export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  /** In pieces, decompressed. Reading it throws NoAnswer where it is cut, or damaged by its checksum. */
  body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request once with the owner's token, which is renewed where its hour is over. Not by `fetch`, which takes the
 * first half of a compressed body for the whole.
 * @throws NoAnswer; CtrAuthorisationEnded, CtrClientRefused where no token is given
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

/** The whole body as text. @throws NoAnswer */
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
