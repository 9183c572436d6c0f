import { youtube, type youtube_v3 } from "@googleapis/youtube";
import { z } from "zod";
import { messageOf } from "../base";

/** An answer as it came, whatever its status. */
export interface Answer {
  status: number;
  body: string;
  /** What `Retry-After` asks for, where it is there. */
  retryAfterMs: number | null;
}

/** No answer came: a reset, a time-out, a body that ends early. Has no cause: that would carry the call's URL, and its key. */
export class NoAnswer extends Error {}

/** Sends one call of the official client, once. @throws NoAnswer */
export type Send = (call: (api: youtube_v3.Youtube) => Promise<unknown>) => Promise<Answer>;

/** Where calls go, and for whom. */
export interface ClientOptions {
  key: string;
  /** Other than Google's, for stand-ins and tests. */
  rootUrl: string | undefined;
  timeoutMs: number;
}

const Response = z.object({
  status: z.number(),
  data: z.string(),
  headers: z.object({ "retry-after": z.string().optional() }),
});

/**
 * Google's client, with everything off that would send a call again behind the quota ledger's back, and answers as text,
 * since only the edge's schemas judge them. Node's `fetch` keeps connections open.
 */
export function openClient({ key, rootUrl, timeoutMs }: ClientOptions): Send {
  const api = youtube({
    version: "v3",
    auth: key,
    retry: false,
    timeout: timeoutMs,
    responseType: "text",
    validateStatus: () => true,
    fetchImplementation: (...request) => fetch(...request),
    ...(rootUrl === undefined ? {} : { rootUrl }),
  });
  return async (call) => {
    try {
      const { status, data, headers } = Response.parse(await call(api));
      return { status, body: withoutKey(data, key), retryAfterMs: parseRetryAfter(headers["retry-after"]) };
    } catch (thrown) {
      throw new NoAnswer(withoutKey(describeNetworkError(thrown), key));
    }
  };
}

/** A text in which the key, as it is or as URLs write it, is no more. */
export function withoutKey(text: string, key: string): string {
  return text.replaceAll(key, "[key]").replaceAll(encodeURIComponent(key), "[key]");
}

const Thrown = z.object({ code: z.string().optional(), cause: z.unknown() });

/** The innermost cause of what a call threw: `fetch failed` alone says nothing. */
export function describeNetworkError(thrown: unknown): string {
  const { code, cause } = Thrown.safeParse(thrown).data ?? {};
  if (cause !== undefined && cause !== thrown) return describeNetworkError(cause);
  return [code, messageOf(thrown)].filter((part) => part !== undefined && part !== "").join(": ");
}

function parseRetryAfter(header: string | undefined): number | null {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
