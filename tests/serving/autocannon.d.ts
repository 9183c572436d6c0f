/** The part of autocannon that the tests and the bench use; it has no types of its own. */
declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  interface Options {
    url: string;
    connections: number;
    /** In seconds. */
    duration?: number;
    /** Number of requests, in place of a duration. */
    amount?: number;
    /** In seconds. */
    timeout?: number;
    method?: "GET" | "POST";
    headers?: Record<string, string>;
    body?: string | Buffer;
    /** Sent in turn by each connection. */
    requests?: Request[];
  }

  interface Request {
    method: "GET" | "POST";
    path?: string;
    headers?: Record<string, string>;
    body?: string | Buffer;
    /** Makes the request anew each time. */
    setupRequest?(request: Request): Request;
  }

  export interface Result {
    "2xx": number;
    non2xx: number;
    errors: number;
    timeouts: number;
    mismatches: number;
    /** How many answers had each status. */
    statusCodeStats: Record<string, { count: number }>;
    /** In seconds. */
    duration: number;
    /** In milliseconds. */
    latency: { average: number; p50: number; p99: number; max: number };
    requests: { average: number; total: number };
  }

  interface Attack extends EventEmitter, PromiseLike<Result> {
    stop(): void;
  }

  export default function autocannon(options: Options): Attack;
}
