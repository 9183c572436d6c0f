import type { SupabaseClient } from "@supabase/supabase-js";
import pRetry from "p-retry";
import type { Argument } from "../database";
import { type Failure, isPassing } from "./failure";

/** How often, and after how long at first, a call is repeated that failed in passing. */
export interface RetryLimits {
  retries: number;
  firstPauseMs: number;
}

export const PATIENCE: RetryLimits = { retries: 5, firstPauseMs: 250 };
const LONGEST_PAUSE_MS = 8000;
/** A hosted project's own limits are shorter: what lasts longer hangs. */
const ANSWER_TIMEOUT_MS = 11 * 60_000;

/** An answer: rows, and how many the server says there were before it cut them at its own limit. */
export interface Answered {
  rows: unknown[];
  counted: number | null;
}

/** A call that failed, as a value that a retry can throw. */
export class CallFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Calls a function of the schema, again where it failed in passing. @throws CallFailed */
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

/** A connection that breaks within an answer's body is thrown, not given. */
function thrownFailure(thrown: unknown) {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { status: 0, data: null, count: null, error: { code: "", message, details: "" } };
}

/** What a function gave, as rows: a table as it is, one row alone, a scalar in a column of the function's name. */
function toRows(name: string, data: unknown): unknown[] {
  if (data === null || data === undefined) return [];
  return (Array.isArray(data) ? data : [data]).map((row: unknown) =>
    typeof row === "object" && row !== null ? row : { [name]: row },
  );
}
