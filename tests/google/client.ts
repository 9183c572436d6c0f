import { Agent, get, type RequestOptions } from "node:https";
import { youtube, type youtube_v3 } from "@googleapis/youtube";
import { GaxiosError } from "gaxios";
import type { GoogleStandIn } from "./start";

/** Key that the stand-in knows by default. */
export const KEY = "stand-in-key";

export const agentOf = ({ ca }: GoogleStandIn): Agent => new Agent({ ca, keepAlive: true, maxSockets: 8 });

/** The official client, as the collector has it, but for its retries: tests see every answer. */
export function clientOf(google: GoogleStandIn, key: string = KEY, timeoutMs = 20_000): youtube_v3.Youtube {
  const wire = { rootUrl: google.rootUrl, agent: agentOf(google), retry: false, timeout: timeoutMs };
  return youtube({ version: "v3", auth: key, ...wire });
}

/** What a call fails with. @throws Error where it succeeds */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ status: number | undefined; body: unknown; error: Error }> {
  try {
    await call;
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const response = error instanceof GaxiosError ? error.response : undefined;
    return { status: response?.status, body: response?.data, error };
  }
  throw new Error("the call succeeded");
}

/** An answer as it came. */
export interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A plain GET of a path or an address. */
export function raw(google: GoogleStandIn, path: string, options: RequestOptions = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = get(new URL(path, google.rootUrl), { ca: google.ca, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on("error", reject);
  });
}
