/** What a client gets instead of rows: PostgREST's body, or a gateway's. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown> | string,
    readonly headers: Record<string, string> = {},
  ) {
    super(typeof body === "string" ? body : String(body.message));
  }
}

/** An error of PostgREST's own, PGRST…. */
export function pgrst(
  status: number,
  code: string,
  message: string,
  details: string | null = null,
  hint: string | null = null,
): Refusal {
  return new Refusal(status, { code, message, details, hint });
}

/** PostgreSQL's error with the status that PostgREST gives it. */
export function databaseRefusal(error: DatabaseFailure, role: string, grantHint: string | null): Refusal {
  const status = statusOf(error.code, error.message, role !== "anon");
  const denied = error.code === "42501" && error.message.startsWith("permission denied for table");
  const hint = error.hint ?? (denied ? grantHint : null);
  const headers = status === 401 ? { "WWW-Authenticate": "Bearer" } : {};
  return new Refusal(
    status,
    { code: error.code, message: error.message, details: error.detail ?? null, hint },
    headers,
  );
}

/** The part of pg's DatabaseError that is passed on. */
export interface DatabaseFailure extends Error {
  code: string;
  detail?: string;
  hint?: string;
  table?: string;
}

/** Whether the server itself refused (rather than the connection broke). */
export function isDatabaseFailure(error: unknown): error is DatabaseFailure {
  return error instanceof Error && "code" in error && "severity" in error;
}

const STATUSES: [RegExp, number][] = [
  [/^(08|53(?!400)|57P01)/, 503],
  [/^(0L|0P|28)/, 403],
  [/^(23503|23505)$/, 409],
  [/^25006$/, 405],
  [/^(42883|42P01)$/, 404],
  [/^42P17$/, 500],
  [/^(09|21|25|2D|38|39|3B|40|53400|54|55|57|58|F0|HV|XX|P0(?!001))/, 500],
];

function statusOf(code: string, message: string, authenticated: boolean): number {
  if (code === "42501") return authenticated ? 403 : 401;
  if (code === "21000" && message.endsWith("requires a WHERE clause")) return 400;
  if (code === "22023" && /^role .* does not exist$/.test(message)) return 401;
  if (/^PT[1-5]\d\d$/.test(code)) return Number(code.slice(2));
  return STATUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 400;
}
