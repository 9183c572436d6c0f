import { youtube, type youtube_v3 } from "@googleapis/youtube";
import { z } from "zod";
import { messageOf } from "../base";

/** An unparsed answer with any status. */
export interface Answer {
  status: number;
  body: string;
  /** The delay in `Retry-After`; null without that header. */
  retryAfterMs: number | null;
}

/** No answer came: a reset, a time-out or a truncated body. It has no `cause`, which would contain the URL and key. */
export class NoAnswer extends Error {}

/** Sends one call with the official client, without retries. @throws NoAnswer */
export type Send = (call: (api: youtube_v3.Youtube) => Promise<unknown>) => Promise<Answer>;

/** API key, address and time-out of the client. */
export interface ClientOptions {
  key: string;
  /** Replaces Google's root URL, for stand-ins and tests. */
  rootUrl: string | undefined;
  timeoutMs: number;
}

const Response = z.object({
  status: z.number(),
  data: z.string(),
  headers: z.object({ "retry-after": z.string().optional() }),
});

/**
 * Opens Google's client. Its own retries are off, since the quota ledger would not count them, and it returns answers
 * as text, since our own schemas validate them. Node's `fetch` keeps connections open.
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

/** Removes the key from a text, in its plain and its URL-encoded form. */
export function withoutKey(text: string, key: string): string {
  return text.replaceAll(key, "[key]").replaceAll(encodeURIComponent(key), "[key]");
}

const Thrown = z.object({ code: z.string().optional(), cause: z.unknown() });

/** Describes the innermost cause of what a call threw, since `fetch failed` alone says nothing. */
export function describeNetworkError(thrown: unknown): string {
  const { code, cause } = Thrown.safeParse(thrown).data ?? {};
  if (cause !== undefined && cause !== thrown) return describeNetworkError(cause);
  return [code, messageOf(thrown)].filter((part) => part !== undefined && part !== "").join(": ");
}

function parseRetryAfter(header: string | undefined): number | null {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
