/** A call of an API, as the stand-in saw it. */
export interface CallLogEntry {
  /** 1-based, over all APIs. */
  n: number;
  /** The stand-in's time, ISO 8601. */
  at: string;
  /** Such as `videos.list`, `jobs.reports.list`, `oauth.token`. */
  method: string;
  project: string | undefined;
  /** The query, without key and token. */
  query: Record<string, string[]>;
  status: number;
  fault: string | undefined;
  /** Error's first reason. */
  reason: string | undefined;
}

const MAX_KEPT = 50_000;
const SECRETS = [
  "key",
  "access_token",
  "oauth_token",
  "token",
  "code",
  "code_verifier",
  "client_secret",
  "refresh_token",
];

/** The latest calls. */
export class CallLog {
  readonly #entries: CallLogEntry[] = [];
  #calls = 0;

  add(entry: Omit<CallLogEntry, "n" | "query">, query: URLSearchParams): void {
    const shown = [...new Set(query.keys())].filter((name) => !SECRETS.includes(name));
    this.#entries.push({
      n: ++this.#calls,
      ...entry,
      query: Object.fromEntries(shown.map((name) => [name, query.getAll(name)])),
    });
    if (this.#entries.length > MAX_KEPT) this.#entries.splice(0, MAX_KEPT / 10);
  }

  entries(): CallLogEntry[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
