import type { SearchPage } from "../store";

type Query = Pick<SearchPage, "niche" | "query">;

/** A query that YouTube refused to continue. */
export interface OpenSearch extends Query {
  reason: string;
}

/** The refused queries of one run: each restarts once at its first page; if it is refused again, it stays open. */
export class RefusedSearches {
  /** Refused page tokens of the queries that are to restart; null once they have restarted. */
  readonly #restarts = new Map<string, string | null>();
  readonly #open = new Map<string, OpenSearch>();

  /** Records a refused page. @param pageToken null for a first page */
  refuse({ niche, query }: Query, pageToken: string | null, reason: string): void {
    const key = keyOf({ niche, query });
    if (pageToken === null || this.#restarts.has(key)) this.#open.set(key, { niche, query, reason });
    else this.#restarts.set(key, pageToken);
  }

  /** The page token at which a query that is to restart was refused; null if it is not to restart. */
  restartTime(query: Query): string | null {
    return this.#restarts.get(keyOf(query)) ?? null;
  }

  /** Records that a query's first page was answered. */
  begin(query: Query): void {
    if (this.#restarts.has(keyOf(query))) this.#restarts.set(keyOf(query), null);
  }

  /** Whether this run has given up on a query. */
  isOpen(query: Query): boolean {
    return this.#open.has(keyOf(query));
  }

  get open(): OpenSearch[] {
    return [...this.#open.values()];
  }
}

const keyOf = ({ niche, query }: Query): string => `${niche}\n${query}`;
