import type { SupabaseClient } from "@supabase/supabase-js";
import pRetry from "p-retry";
import type { Argument } from "../database";
import { type Failure, isPassing } from "./failure";

/** How often a call with a transient failure is repeated, and the pause before the first repetition. */
export interface RetryLimits {
  retries: number;
  firstPauseMs: number;
}

export const PATIENCE: RetryLimits = { retries: 5, firstPauseMs: 250 };
const LONGEST_PAUSE_MS = 8000;
/** A hosted project's own limits are shorter, so a call that takes longer has hung. */
const ANSWER_TIMEOUT_MS = 11 * 60_000;

/** An answer: its rows, and the number of rows before the server applied its own limit. */
export interface Answered {
  rows: unknown[];
  counted: number | null;
}

/** Wraps a failure in an error that a retry can throw. */
export class CallFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Calls a function of the schema and repeats it after transient failures. @throws CallFailed */
export function requested(
  client: SupabaseClient,
  name: string,
  values: Readonly<Record<string, Argument>>,
  { retries, firstPauseMs }: RetryLimits,
): Promise<Answered> {
  return pRetry(() => once(client, name, values), {
    retries,
    minTimeout: firstPauseMs,
    maxTimeout: LONGEST_PAUSE_MS,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof CallFailed && isPassing(error.failure),
  });
}

async function once(
  client: SupabaseClient,
  name: string,
  values: Readonly<Record<string, Argument>>,
): Promise<Answered> {
  const answer = await client
    .rpc(name, values, { count: "exact" })
    .abortSignal(AbortSignal.timeout(ANSWER_TIMEOUT_MS))
    .then((given) => given, thrownFailure);
  if (answer.error) {
    const { code, message, details } = answer.error;
    throw new CallFailed({ status: answer.status, code: code || null, message, details });
  }
  const data: unknown = answer.data;
  return { rows: toRows(name, data), counted: Array.isArray(data) ? answer.count : null };
}

/** supabase-js throws if the connection breaks while it reads the body, instead of returning an error. */
function thrownFailure(thrown: unknown) {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { status: 0, data: null, count: null, error: { code: "", message, details: "" } };
}

/** Converts a function's result to rows: a scalar becomes a row with one column named after the function. */
function toRows(name: string, data: unknown): unknown[] {
  if (data === null || data === undefined) return [];
  return (Array.isArray(data) ? data : [data]).map((row: unknown) =>
    typeof row === "object" && row !== null ? row : { [name]: row },
  );
}
